"""Long work: memory, threads, processes and open files do not grow."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.e2e.client import Client, document, done, story
from tests.e2e.shop import Shop, new_product, order_detail
from tests.proof import ledger

SECONDS_AT_LENGTH = 600
ROUNDS, AT_ONCE, AT_ONCE_AT_LENGTH = 4, 4, 20
# What an ended execution leaves, about 50 KB: items, objects, packed history and, above all, 60 to 70 log lines.
# AWS keeps these, too.
KEPT_BYTES_PER_EXECUTION = 90_000
# Warm containers and their connections come with the first rounds and stay.
SPARE_THREADS, SPARE_FILES, SPARE_PROCESSES = 40, 60, 4
# What the allocator holds varies. Only many executions outweigh it, so memory is judged at full length alone.
SPARE_BYTES = 1_200_000


@dataclass(frozen=True)
class Usage:
    """The resources of the sandbox's process."""

    bytes: int
    threads: int
    files: int
    processes: int

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Measure the process."""
        process = Path("/proc", str(pid))
        fields = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return cls(
            bytes=int(fields["VmRSS"].split()[0]) * 1024,
            threads=int(fields["Threads"]),
            files=len([*(process / "fd").iterdir()]),
            processes=_descendants(pid),
        )


def test_threads_files_and_processes_do_not_accumulate(unthrottled: Client, at_length: bool) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("this machine has no /proc to read a process's memory from")
    rng = random.Random(0)
    at_once = AT_ONCE_AT_LENGTH if at_length else AT_ONCE
    with ThreadPoolExecutor(at_once) as pool:
        shop = Shop(unthrottled)
        product, token = new_product(shop, pieces=1_000_000), unthrottled.tokens["callback"]

        def work(kind: str) -> None:
            if kind == "order":
                assert shop.output(shop.start(order_detail("soak", product)))["status"] == "CONFIRMED"
            else:
                _release(unthrottled, token, kind)

        kinds = [*["order"] * (at_once // 2), *["success"] * (at_once // 4), *["failure"] * (at_once // 4)]
        pid, started, before, executions = unthrottled.outputs["sandbox_pid"], time.monotonic(), None, 0
        for number in count():
            list(pool.map(work, rng.sample(kinds, len(kinds))))
            if before is None and number + 1 >= ROUNDS // 2:
                before = Usage.of(pid)
            elif before is not None:
                executions += len(kinds)
            if number + 1 >= ROUNDS and (not at_length or time.monotonic() - started > SECONDS_AT_LENGTH):
                break
        assert before is not None
        _judge(before, Usage.of(pid), executions, at_length=at_length)
        ledger.note("load", "soak", executions=executions, lost=0, doubled=0)


def _release(client: Client, token: str, outcome: str) -> None:
    key = story()
    run = client.start(document(key))
    run.waiting(key)
    assert client.call_back(done(key, status=outcome), token=token).status == "resumed"
    assert run.ended()["status"] == ("SUCCEEDED" if outcome == "success" else "FAILED")


def _judge(before: Usage, after: Usage, executions: int, *, at_length: bool) -> None:
    kept = (after.bytes - before.bytes) / executions
    print(f"{executions} executions: {before} -> {after}, {kept / 1000:.0f} KB each")
    assert after.threads <= before.threads + SPARE_THREADS
    assert after.files <= before.files + SPARE_FILES
    assert after.processes <= before.processes + SPARE_PROCESSES
    assert not at_length or after.bytes <= before.bytes + KEPT_BYTES_PER_EXECUTION * executions + SPARE_BYTES


def _descendants(pid: int) -> int:
    """Return how many processes have this one above them."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold anything; the parent is the second field after it.
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found, level = 0, {pid}
    while level:
        level = {child for child, parent in parents.items() if parent in level}
        found += len(level)
    return found
