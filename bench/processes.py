"""Measured processes: time until ready, CPU time and memory. Linux only."""

import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
END_SECONDS = 30
# Fields of /proc/PID/stat, counted after the name: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
_USER_TIME, _SYSTEM_TIME = 11, 12


@dataclass(frozen=True)
class Process:
    """A process that is ready, `seconds_to_ready` after its start."""

    pid: int
    seconds_to_ready: float

    def cpu_seconds(self) -> float:
        """Return the CPU time of the process so far, which hardly depends on the machine's load."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> str:
        """Return the memory of the process and its descendants, with shared pages counted for each, and once."""
        family = _family(self.pid)
        resident, proportional = (sum(_rollup(pid, field) for pid in family) / 1024 for field in ("Rss", "Pss"))
        return f"{resident:.0f} MB; {proportional:.0f} MB with shared pages counted once"


@contextmanager
def running(command: Sequence[str], ready: bytes) -> Iterator[Process]:
    """Run a command of this project, wait until it prints a line with `ready`, and end it when the context ends.

    Raises RuntimeError if it ends before that.
    """
    started = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - commands of this folder
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        if not any(ready in line for line in process.stdout or ()):
            raise RuntimeError(f"{' '.join(command)} did not start")
        # A full pipe would stop a server that logs its requests.
        threading.Thread(target=deque, args=(process.stdout, 0), daemon=True).start()
        yield Process(process.pid, time.monotonic() - started)
    finally:
        process.terminate()
        process.wait(END_SECONDS)


def _family(pid: int) -> set[int]:
    family = {pid}
    for task in Path(f"/proc/{pid}/task").iterdir():
        children = task / "children"
        for child in children.read_text().split():
            family |= _family(int(child))
    return family


def _rollup(pid: int, field: str) -> int:
    """Return one field of a process's memory, in KB. https://docs.kernel.org/filesystems/proc.html"""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))
