"""The contract of `python -m sandbox`: output, files, errors and cleanup."""

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
from tests.stacks import ROOT

pytestmark = pytest.mark.xdist_group("aws")

END_SECONDS = 30


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _children(pid: int) -> set[int]:
    """Return a process and everything below it, from /proc."""
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
def _ready(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start a sandbox and wait until it says that it is ready."""
    process = _start(*arguments, "--port", "0")
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
    """Return a sandbox that has said that it is ready, and its outputs file."""
    outputs = tmp_path_factory.mktemp("up") / "outputs.json"
    with _ready("up", "--stack", "staging", "--outputs", str(outputs)) as process:
        yield process, outputs


def test_outputs_file_exists_when_ready(up: tuple[subprocess.Popen[str], Path]) -> None:
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


def test_endpoints_of_the_outputs_file_answer(aws: Client) -> None:
    assert aws.call_back({}, headers={}).code == 401
    request = urllib.request.Request(f"{aws.outputs['mock_api_endpoint']}/validation", data=b"{}")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    assert refused.value.code == 401
    refused.value.close()


# The last one that needs it: here it ends.
def test_two_sandboxes_run_side_by_side_and_clean_up(up: tuple[subprocess.Popen[str], Path], aws: Client) -> None:
    process, file = up
    client = Client(json.loads(file.read_text()))
    assert client.outputs["state_machine_name"] == "holdpoint-staging-release"
    assert [bucket["Name"] for bucket in client.s3.list_buckets()["Buckets"]] == [client.bucket]
    assert [bucket["Name"] for bucket in aws.s3.list_buckets()["Buckets"]] == [aws.bucket]
    assert client.call_back({}, headers={}).code == 401  # so that a function's process runs
    family = _children(process.pid)
    assert len(family) > 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(END_SECONDS) == 0
    eventually(lambda: not any(_is_alive(pid) for pid in family) or None, "the end of every process")


@pytest.mark.parametrize(
    "arguments", [["serve"], pytest.param(["up", "--stack", "prod"], marks=pytest.mark.soak)], ids=" ".join
)
def test_early_signal_ends_it_silently(arguments: list[str]) -> None:
    with _ready(*arguments) as process:
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=END_SECONDS)
        assert (process.returncode, error) == (0, "")


def test_busy_port_is_reported(tmp_path: Path) -> None:
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


def test_user_error_is_explained() -> None:
    process = _start("up", "--port", "0", "--config", "callbackTimeoutSeconds=soon")
    _, error = process.communicate(timeout=END_SECONDS)
    assert process.returncode == 1
    for word in ("callbackTimeoutSeconds", "soon", "integer"):
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
