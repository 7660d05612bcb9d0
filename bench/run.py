"""Measures start, memory and releases, compares other emulators, and writes bench/results.md."""

import json
import os
import platform
import socket
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bench.processes import ROOT, Process, running
from bench.workflow import Workflow
from tests.e2e.client import Client, document, done, story

RESULTS = ROOT / "bench" / "results.md"
STARTS, REST_SECONDS = 3, 2
CLIENTS, RUNS = (1, 4, 16, 32), 32
# ministack needs another version of boto3, so it runs in a separate environment; this variable has its address.
MINISTACK = "MINISTACK_ENDPOINT_URL"


@contextmanager
def _sandbox() -> Iterator[tuple[Process, Client]]:
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder, "outputs.json")
        limits = ("--config", "throttleRateLimit=10000", "--config", "throttleBurstLimit=5000")
        command = [sys.executable, "-m", "sandbox", "up", "--port", "0", "--outputs", str(outputs), *limits]
        with running(command, b"ready") as process:
            yield process, Client(json.loads(outputs.read_text()))


@contextmanager
def _bare(name: str) -> Iterator[tuple[Process, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    if name == "sandbox":
        command = [sys.executable, "-m", "sandbox", "serve", "--jsonpath", "--no-iam", "--port", str(port)]
        with running(command, b"ready") as process:
            yield process, url
        return
    with running([sys.executable, "-m", "moto.server", "-p", str(port)], b"Running on") as process:
        body = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/config", body)) as answer:  # noqa: S310 - own server
            answer.read()
        yield process, url


def _release(client: Client) -> None:
    key = story()
    run = client.start(document(key))
    run.waiting(key)
    client.call_back(done(key))
    run.ended()


def _load(run: Callable[[], None], process: Process | None) -> dict[str, str]:
    """Run it with each number of clients; return runs a second, and the CPU time of the process for each run."""
    rows = {}
    run()
    for clients in CLIENTS:
        before, started = process.cpu_seconds() if process else 0, time.monotonic()
        with ThreadPoolExecutor(clients) as pool:
            for each in [pool.submit(run) for _ in range(RUNS)]:
                each.result()
        speed = f"{RUNS / (time.monotonic() - started):.1f} a second"
        cost = f", {(process.cpu_seconds() - before) / RUNS * 1000:.0f} ms CPU each" if process else ""
        rows[f"{clients} clients"] = speed + cost
    return rows


def _named(name: str, rows: dict[str, str]) -> dict[str, str]:
    return {f"{name}, {what}": value for what, value in rows.items()}


def _measure() -> Iterator[dict[str, str]]:
    walls, cpus, memory = [], [], ""
    for _ in range(STARTS):
        with _sandbox() as (process, _client):
            walls.append(process.seconds_to_ready)
            cpus.append(process.cpu_seconds())
            time.sleep(REST_SECONDS)
            memory = process.memory()
    yield {"start to ready, median and slowest": f"{statistics.median(walls):.1f} s, {max(walls):.1f} s"}
    yield {"CPU of a start, median": f"{statistics.median(cpus):.1f} s", "memory at rest": memory}
    with _sandbox() as (process, client):
        yield _named("releases", _load(lambda: _release(client), process))
        yield {"memory after the releases": process.memory()}
    for name in ("sandbox", "moto"):
        with _bare(name) as (process, url):
            yield _named(f"small workflow on bare {name}", _load(Workflow(url).run, process))
    if MINISTACK in os.environ:
        yield _named("small workflow on ministack", _load(Workflow(os.environ[MINISTACK]).run, None))
    else:
        yield {"small workflow on ministack": f"not measured: {MINISTACK} names no address at which it runs"}


def main() -> None:
    """Measure, print, and write the table."""
    rows: dict[str, str] = {}
    for measured in _measure():
        rows |= measured
        print(measured, flush=True)
    table = ["| what | measured |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows.items())]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    text = "\n".join(["# Measurements", "", f"By `make bench` on a machine with {machine}.", "", *table, ""])
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
