"""Memory that a start frees."""

import ctypes
import gc
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import memory

ROOT = Path(__file__).parents[3]
# 64 MB in blocks so small that each lies on the heap, and the last one, which stays, keeps the heap from shrinking.
PROGRAM = """
import gc, os
from pathlib import Path
from sandbox import memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

gc.disable()
blocks = [bytearray(64_000) for _ in range(1000)]
last = bytearray(64_000)
full = resident()
del blocks
memory.settle()
print(full - resident(), gc.isenabled(), gc.get_freeze_count() > 0)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc keeps what was freed")
def test_settling_gives_freed_memory_back_and_turns_the_collector_on() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, check=True, capture_output=True, text=True)
    given_back, enabled, frozen = done.stdout.split()
    assert int(given_back) > 50_000_000
    assert (enabled, frozen) == ("True", "True")


def test_a_start_does_without_the_collector_and_leaves_it_as_it_was() -> None:
    assert gc.isenabled()
    with memory.starting():
        assert not gc.isenabled()
        with memory.starting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
