"""The contract of `python -m sandbox`: what it prints, writes, refuses, and leaves behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.client import Client, eventually
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.xdist_group("cli")

END_SECONDS = 30


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _children(pid: int) -> set[int]:
    """A process and everything below it, from /proc."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    family = {pid}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return family


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def _ready(outputs: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start a sandbox and wait until it says that it is ready."""
    process = _start("up", "--port", "0", "--outputs", str(outputs), *arguments)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready"), line + (process.stderr.read() if process.stderr else "")
    try:
        yield process
    finally:
        process.kill()
        process.wait(END_SECONDS)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A sandbox that has said that it is ready, and its outputs file."""
    outputs = tmp_path_factory.mktemp("up") / "outputs.json"
    with _ready(outputs) as process:
        yield process, outputs


def test_the_file_is_there_when_it_says_ready(up: tuple[subprocess.Popen[str], Path]) -> None:
    process, file = up
    outputs = json.loads(file.read_text())
    assert outputs["sandbox_pid"] == process.pid
    assert outputs["endpoint_url"].startswith("http://127.0.0.1:")
    for name, value in outputs.items():
        if name.endswith(("_endpoint", "_url")):
            host, port = value.removeprefix("http://").split("/")[0].split(":")
            with socket.create_connection((host, int(port)), timeout=10):
                pass
    assert not [left for left in file.parent.iterdir() if left != file]


def test_endpoints_answer_as_they_stand_in_the_file(up: tuple[subprocess.Popen[str], Path]) -> None:
    _, file = up
    client = Client(json.loads(file.read_text()))
    assert client.call_back({}, headers={}).code == 401
    request = urllib.request.Request(f"{client.outputs['mock_api_endpoint']}/validation", data=b"{}")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    assert refused.value.code == 401
    refused.value.close()


def test_a_second_one_runs_beside_it_and_ends_clean(up: tuple[subprocess.Popen[str], Path], tmp_path: Path) -> None:
    first = Client(json.loads(up[1].read_text()))
    outputs = tmp_path / "outputs.json"
    with _ready(outputs, "--stack", "staging") as process:
        second = Client(json.loads(outputs.read_text()))
        assert second.outputs["state_machine_name"] == "holdpoint-staging-release"
        assert [bucket["Name"] for bucket in second.s3.list_buckets()["Buckets"]] == [second.bucket]
        assert [bucket["Name"] for bucket in first.s3.list_buckets()["Buckets"]] == [first.bucket]
        assert second.call_back({}, headers={}).code == 401  # so that a function's process runs
        family = _children(process.pid)
        assert len(family) > 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(END_SECONDS) == 0
        eventually(lambda: not any(_is_alive(pid) for pid in family) or None, "the end of every process")


def test_a_signal_in_the_first_moment_ends_it_without_a_word(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs.json"
    with _ready(outputs, "--stack", "prod") as process:
        assert json.loads(outputs.read_text())["state_machine_name"] == "holdpoint-prod-release"
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=END_SECONDS)
        assert (process.returncode, error) == (0, "")


def test_a_busy_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = _start("up", "--port", str(port), "--outputs", str(tmp_path / "outputs.json"))
        _, error = process.communicate(timeout=END_SECONDS)
    assert process.returncode != 0
    assert str(port) in error
    assert "--port" in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--stack", "nowhere"], ["nowhere", "dev", "prod"]),
        (["--config", "callbackTimeoutSeconds=soon"], ["callbackTimeoutSeconds", "soon", "integer"]),
        (["--config", "callbackTimeoutSeconds=0"], ["callbackTimeoutSeconds", "0", "greater than or equal to 1"]),
        (["--config", "noSuchKey=1"], ["noSuchKey"]),
        (["--config", "lambdaArchitecture=sparc"], ["lambdaArchitecture", "sparc", "arm64", "x86_64"]),
        (["--config", "nonsense"], ["nonsense", "KEY=VALUE"]),
    ],
)
def test_a_mistake_is_explained(arguments: list[str], words: list[str]) -> None:
    process = _start("up", "--port", "0", *arguments)
    _, error = process.communicate(timeout=END_SECONDS)
    assert process.returncode != 0
    for word in words:
        assert word in error
    assert "Traceback" not in error


def test_serve_is_an_empty_aws() -> None:
    process = _start("serve", "--port", "0")
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        assert line.startswith("ready")
        url = next(word for word in line.split() if word.startswith("http://"))
        client = Client({"endpoint_url": url})
        assert client.stepfunctions.list_state_machines()["stateMachines"] == []
        assert client.s3.list_buckets()["Buckets"] == []
    finally:
        process.terminate()
        assert process.wait(END_SECONDS) == 0
