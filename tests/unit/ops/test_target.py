"""How a command finds what it works on."""

import json
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops import sandboxes, target
from ops.errors import TargetError

DEAD_PID = 2**22 + 1
"""Above the largest number that Linux gives to a process."""

OUTPUTS = {"state_machine_arn": "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:holdpoint-dev-release"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where sandboxes would write."""
    monkeypatch.setattr(sandboxes, "FOLDER", tmp_path)
    monkeypatch.setattr(sandboxes.known, "__defaults__", (tmp_path,))
    return tmp_path


@pytest.fixture
def port() -> Iterator[int]:
    """A port that answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _write(file: Path, port: int, pid: int) -> Path:
    content = {**OUTPUTS, "endpoint_url": f"http://127.0.0.1:{port}", "sandbox_pid": pid}
    file.write_text(json.dumps(content))
    return file


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _refused(*, stack: str | None = None, outputs: Path | None = None) -> TargetError:
    with pytest.raises(TargetError) as refused:
        target.find(stack, outputs)
    assert refused.value.exit_code == 3
    assert refused.value.hint
    return refused.value


def test_the_one_sandbox_that_runs_is_found(folder: Path, port: int) -> None:
    _write(folder / f"{port}.json", port, os.getpid())
    _write(folder / "1.json", port, DEAD_PID)
    found = target.find(None, None)
    assert found.is_sandbox
    assert found.origin == f"the sandbox at http://127.0.0.1:{port}"


def test_without_any_the_ways_are_told(folder: Path) -> None:
    (folder / "broken.json").write_text("{")
    (folder / "other.json").write_text("[]")
    refused = _refused()
    assert refused.message == "No sandbox runs here, and no stack is named"
    for way in ("python -m sandbox up", "--stack", "--outputs"):
        assert way in refused.hint


def test_of_two_none_is_taken(folder: Path, port: int) -> None:
    for name in ("a.json", "b.json"):
        _write(folder / name, port, os.getpid())
    refused = _refused()
    assert "2 sandboxes run here" in refused.message
    assert f"--outputs {folder / 'a.json'}" in refused.message


@pytest.mark.parametrize("is_named", [True, False])
def test_a_sandbox_that_has_ended_is_told(folder: Path, port: int, is_named: bool) -> None:
    file = _write(folder / "4566.json", port, DEAD_PID)
    refused = _refused(outputs=file if is_named else None)
    assert f"process {DEAD_PID}" in refused.message
    assert "has ended" in refused.message


def test_a_pid_that_somebody_else_has_now_is_no_sandbox(folder: Path) -> None:
    _write(folder / "4566.json", _free_port(), os.getpid())
    assert "has ended" in _refused().message


@pytest.mark.parametrize(
    ("content", "message"), [("{", "is not JSON"), ("[]", "does not hold the outputs"), (None, "No such file")]
)
def test_a_file_without_outputs_is_told(tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "outputs.json"
    if content is not None:
        file.write_text(content)
    assert message in _refused(outputs=file).message


def test_region_and_account_are_those_of_the_stack(tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(OUTPUTS))
    found = target.find(None, file)
    assert (found.partition, found.region, found.account) == ("aws-cn", "cn-north-1", "123456789012")
    assert not found.is_sandbox
    assert found.client("s3").meta.region_name == "cn-north-1"


@pytest.mark.parametrize(("outputs", "word"), [({}, "no output"), ({"s3_bucket_name": "[secret]"}, "hides")])
def test_an_output_that_is_missing_or_hidden_is_told(outputs: dict[str, Any], word: str) -> None:
    with pytest.raises(TargetError, match=word):
        target.Target(origin="the stack dev", outputs=outputs)["s3_bucket_name"]


def _fake_pulumi(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_stack_is_asked_of_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f"""test "$*" = "stack output --json --stack dev --non-interactive" && echo '{json.dumps(OUTPUTS)}'"""
    _fake_pulumi(tmp_path, script, monkeypatch)
    found = target.find("dev", None)
    assert (found.origin, found["state_machine_arn"]) == ("the stack dev", OUTPUTS["state_machine_arn"])


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'error: no stack named nope found' >&2; exit 255", "no stack named nope found"),
        ("exit 1", "it gave no reason"),
        ("echo '{}'", "has no outputs"),
    ],
)
def test_what_pulumi_cannot_tell_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    _fake_pulumi(tmp_path, script, monkeypatch)
    assert message in _refused(stack="nope").message


def test_without_pulumi_the_way_around_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = _refused(stack="dev")
    assert "not installed" in refused.message
    assert "--outputs" in refused.hint
