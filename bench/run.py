"""Measures what users feel, and writes bench/results.md: start, memory, a release, many releases."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.client import Client, document, done, story

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results.md"
REPEATS = 5
RELEASES = 500
CLIENTS = 16
END_SECONDS = 30
REST_SECONDS = 2


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox, how long it took to be ready (seconds), and its process."""

    client: Client
    seconds_to_ready: float
    pid: int

    def memory(self) -> str:
        """The memory of the process and everything below it, with what they share counted for each, and once."""
        family = _family(self.pid)
        resident, proportional = (sum(_rollup(pid, field) for pid in family) / 1024 for field in ("Rss", "Pss"))
        return f"{resident:.0f} MB; {proportional:.0f} MB with shared pages counted once"


@contextmanager
def _sandbox() -> Iterator[Sandbox]:
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder, "outputs.json")
        limits = ("--config", "throttleRateLimit=10000", "--config", "throttleBurstLimit=5000")
        command = [sys.executable, "-m", "sandbox", "up", "--port", "0", "--outputs", str(outputs), *limits]
        started = time.monotonic()
        # The command is made of constants and of a file name of our own.
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603
        try:
            stdout = process.stdout
            line = stdout.readline() if stdout else b""
            if not line.startswith(b"ready"):
                raise RuntimeError("the sandbox did not start")
            yield Sandbox(Client(json.loads(outputs.read_text())), time.monotonic() - started, process.pid)
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


def _one_release(client: Client) -> float:
    """Seconds from the start of a release to its end, with the callback sent as soon as it waits."""
    started = time.monotonic()
    key = story()
    run = client.start(document(key))
    run.waiting(key)
    client.call_back(done(key))
    run.ended()
    return time.monotonic() - started


def _many_releases(sandbox: Sandbox) -> dict[str, str]:
    client = sandbox.client
    with ThreadPoolExecutor(CLIENTS) as pool:
        keys = [story() for _ in range(RELEASES)]
        started = time.monotonic()
        runs = list(pool.map(lambda key: client.start(document(key)), keys))
        for run, key in zip(runs, keys, strict=True):
            run.waiting(key)
        waiting, memory = time.monotonic() - started, sandbox.memory()
        token = client.tokens["callback"]
        started = time.monotonic()
        answers = list(pool.map(lambda key: client.call_back(done(key), token=token), keys))
        answered = time.monotonic() - started
        for run in runs:
            run.ended()
    resumed = sum(answer.status == "resumed" for answer in answers)
    return {
        f"{RELEASES} releases started and waiting": f"{waiting:.1f} s",
        f"memory with {RELEASES} waiting": memory,
        f"{RELEASES} callbacks from {CLIENTS} clients": f"{answered:.1f} s, {resumed} resumed",
        "all of them ended after the first callback": f"{time.monotonic() - started:.1f} s",
    }


def main() -> None:
    """Measure, print, and write the table."""
    rows: dict[str, str] = {}
    starts = []
    for _ in range(REPEATS):
        with _sandbox() as sandbox:
            starts.append(sandbox.seconds_to_ready)
            time.sleep(REST_SECONDS)
            rows["memory at rest"] = sandbox.memory()
    rows["start to ready, median and slowest"] = f"{statistics.median(starts):.1f} s, {max(starts):.1f} s"
    with _sandbox() as sandbox:
        rows["first release, functions cold"] = f"{_one_release(sandbox.client):.2f} s"
        warm = [_one_release(sandbox.client) for _ in range(REPEATS)]
        rows["a release, functions warm, median"] = f"{statistics.median(warm):.2f} s"
        rows |= _many_releases(sandbox)
    table = ["| what | measured |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows.items())]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    text = "\n".join(["# Measurements", "", f"By `make bench` on a machine with {machine}.", "", *table, ""])
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
