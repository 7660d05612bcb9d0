"""Selection of the sandbox or stack that a command works on."""

import json
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.aws import local_endpoints, sandboxes, target
from ops.errors import TargetError
from sandbox import __main__ as program
from tests.unit.recorded_program import ROOT

DEAD_PID = 2**22 + 1
"""Above the largest number that Linux gives to a process."""

OUTPUTS = {"state_machine_arn": "arn:aws-cn:states:cn-north-1:210987654321:stateMachine:holdpoint-dev-release"}
LOCAL = {"state_machine_arn": "arn:aws:states:us-east-1:123456789012:stateMachine:holdpoint-local-release"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which sandboxes would write."""
    monkeypatch.setattr(sandboxes, "FOLDER", tmp_path)
    monkeypatch.setattr(sandboxes.known, "__defaults__", (tmp_path,))
    return tmp_path


@pytest.fixture
def port() -> Iterator[int]:
    """Return a port that accepts connections."""
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


def test_only_running_sandbox_is_found(folder: Path, port: int) -> None:
    _write(folder / f"{port}.json", port, os.getpid())
    _write(folder / "1.json", port, DEAD_PID)
    found = target.find(None, None)
    assert found.is_sandbox
    assert found.origin == f"the sandbox at http://127.0.0.1:{port}"


def test_error_without_a_target_lists_the_options(folder: Path) -> None:
    (folder / "broken.json").write_text("{")
    (folder / "other.json").write_text("[]")
    refused = _refused()
    assert refused.message == "No sandbox runs here, and no stack is named"
    for way in ("python -m sandbox up", "--stack", "--outputs"):
        assert way in refused.hint


def test_several_sandboxes_need_a_choice(folder: Path, port: int) -> None:
    for name in ("a.json", "b.json"):
        _write(folder / name, port, os.getpid())
    refused = _refused()
    assert "2 sandboxes run here" in refused.message
    assert f"--outputs {folder / 'a.json'}" in refused.message


@pytest.mark.parametrize("is_named", [True, False])
def test_ended_sandbox_is_reported(folder: Path, port: int, is_named: bool) -> None:
    file = _write(folder / "4566.json", port, DEAD_PID)
    refused = _refused(outputs=file if is_named else None)
    assert f"process {DEAD_PID}" in refused.message
    assert "has ended" in refused.message


def test_reused_pid_is_not_a_sandbox(folder: Path) -> None:
    _write(folder / "4566.json", _free_port(), os.getpid())
    assert "has ended" in _refused().message


@pytest.mark.parametrize(
    ("content", "message"), [("{", "is not JSON"), ("[]", "does not hold the outputs"), (None, "No such file")]
)
def test_file_without_outputs_is_reported(tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "outputs.json"
    if content is not None:
        file.write_text(content)
    assert message in _refused(outputs=file).message


def test_region_and_account_come_from_the_outputs(tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(OUTPUTS))
    found = target.find(None, file)
    assert (found.partition, found.region, found.account) == ("aws-cn", "cn-north-1", "210987654321")
    assert not found.is_sandbox
    assert found.client("s3").meta.region_name == "cn-north-1"


@pytest.mark.parametrize(("outputs", "word"), [({}, "no output"), ({"s3_bucket_name": "[secret]"}, "hides")])
def test_missing_or_secret_output_is_reported(outputs: dict[str, Any], word: str) -> None:
    with pytest.raises(TargetError, match=word):
        target.Target(origin="the stack dev", outputs=outputs)["s3_bucket_name"]


def _fake_pulumi(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_outputs_of_a_stack_come_from_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_error_of_pulumi_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    _fake_pulumi(tmp_path, script, monkeypatch)
    assert message in _refused(stack="nope").message


def test_error_without_pulumi_names_the_alternative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = _refused(stack="dev")
    assert "not installed" in refused.message
    assert "--outputs" in refused.hint


@pytest.fixture
def real_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the credentials of a user who also works on AWS."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.mark.usefixtures("real_credentials")
def test_clients_of_the_local_stack_use_its_endpoints_without_real_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_pulumi(tmp_path, f"echo '{json.dumps(LOCAL)}'", monkeypatch)
    found = target.find("local", None)
    used = ("apigatewayv2", "cloudwatch", "dynamodb", "events", "lambda", "logs", "s3", "secretsmanager")
    for service in (*used, "sns", "sqs", "stepfunctions", "sts"):
        client = found.client(service)
        assert client.meta.endpoint_url == "http://127.0.0.1:4566"
        assert client._request_signer._credentials.access_key == "sandbox"


@pytest.mark.usefixtures("real_credentials")
@pytest.mark.parametrize("service", ["s3", "stepfunctions", "sts"])
def test_sandbox_account_is_not_looked_up_on_aws(service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(LOCAL))
    with pytest.raises(TargetError, match="account 123456789012, which is a sandbox's") as caught:
        target.find(None, file).client(service)
    assert "AWS_ENDPOINT_URL" in caught.value.hint
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert target.find(None, file).client(service).meta.endpoint_url == "http://127.0.0.1:1"


@pytest.mark.usefixtures("real_credentials")
def test_service_without_an_endpoint_fails_without_calling_aws() -> None:
    found = target.Target(origin="the stack local", outputs=LOCAL, endpoints={"s3": "http://127.0.0.1:4566"})
    with pytest.raises(TargetError, match="does not say where stepfunctions answers") as caught:
        found.client("stepfunctions")
    assert "Add sfn to aws:endpoints" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("config:\n  aws:endpoints:\n    - s3: http://a\n    - sfn: http://b\n", {"s3": "http://a", "sfn": "http://b"}),
        ('config:\n  aws:endpoints: \'[{"s3": "http://a"}]\'\n', {"s3": "http://a"}),
        ("config:\n  aws:region: us-east-1\n", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_endpoints_are_those_of_the_stacks_file(tmp_path: Path, text: str | None, found: dict[str, str]) -> None:
    if text is not None:
        (tmp_path / "Pulumi.qa.yaml").write_text(text)
    assert local_endpoints.endpoints("org/holdpoint/qa", tmp_path) == found


@pytest.mark.parametrize("text", ["config: [", "config:\n  aws:endpoints: 5\n", "config:\n  aws:endpoints: here\n"])
def test_unusable_stack_file_is_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.qa.yaml").write_text(text)
    with pytest.raises(TargetError, match=r"Pulumi\.qa\.yaml"):
        local_endpoints.endpoints("qa", tmp_path)


def test_sandboxes_of_tests_have_a_separate_folder() -> None:
    assert str(sandboxes.FOLDER) == os.environ["HOLDPOINT_SANDBOXES"] == str(program.OUTPUTS)
    assert not sandboxes.FOLDER.is_relative_to(ROOT)
