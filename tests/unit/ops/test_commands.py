"""Commands with unusual arguments: one line of error, and the right exit code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from rich.console import Console
from typer.testing import CliRunner, Result

from ops.__main__ import app
from ops.aws import functions
from ops.aws.state_machines import Workflow
from ops.aws.target import Target
from ops.errors import UsageError
from ops.history import executions
from ops.history.executions import Execution
from ops.render.listing import Listing

ARN = "arn:aws:states:us-east-1:123456789012"
OUTPUTS = {
    "state_machine_arn": f"{ARN}:stateMachine:holdpoint-dev-release",
    "state_machine_name": "holdpoint-dev-release",
    "orders_state_machine_arn": f"{ARN}:stateMachine:holdpoint-dev-orders",
    "callback_lambda_arn": f"{ARN}:callback",
    "catch_up_lambda_arn": f"{ARN}:catch-up",
    "payment_service_lambda_arn": f"{ARN}:payment",
}
TARGET = Target(origin="the stack dev", outputs=OUTPUTS)
RUN = Execution(
    arn=f"{ARN}:execution:holdpoint-dev-release:PROJ-12345-20250131T120000-1a2b3c-with-a-name-of-eighty-letters-as-aws-allows-it",
    workflow=Workflow.RELEASE,
    status="SUCCEEDED",
    started=datetime(2025, 1, 31, 12, tzinfo=UTC),
)

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("ops.aws.target.find", lambda *_: TARGET)
    monkeypatch.setattr(executions, "find", lambda *_: RUN)
    monkeypatch.setattr("ops.report.page", lambda *_: "<html>")
    monkeypatch.setattr("ops.report.read", lambda *_: None)
    return lambda *arguments: CliRunner().invoke(app, [str(each) for each in arguments])


def test_report_in_a_folder_is_named_after_the_execution(run: Run, tmp_path: Path) -> None:
    assert run("report", "x", "--to", tmp_path).exit_code == 0
    assert (tmp_path / f"report-{RUN.name}.html").read_text() == "<html>"


@pytest.mark.parametrize("to", ["missing/report.html", "file/report.html"])
def test_unwritable_report_is_a_one_line_error(run: Run, tmp_path: Path, to: str) -> None:
    (tmp_path / "file").write_text("")
    refused = run("report", "x", "--to", tmp_path / to)
    assert refused.exit_code == 2
    assert f"{to} cannot be written: " in refused.stderr


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        (f"{ARN}:execution:holdpoint-dev-other:x", "is an execution of holdpoint-dev-other, and not of a workflow of"),
        (f"{ARN}:express:holdpoint-dev-other:x:y", "is an execution of holdpoint-dev-other, and not of a workflow of"),
        (OUTPUTS["state_machine_arn"], "is not the ARN of an execution"),
        ("arn:", "is not the ARN of an execution"),
    ],
)
def test_arn_of_another_resource_is_refused(arn: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        executions.find(TARGET, arn)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("callback", "callback"),
        ("holdpoint-dev-hold-callback", "callback"),
        ("services-payment", "payment"),
        ("holdpoint-dev-services-payment", "payment"),
        ("recorder-catch-up", "catch-up"),
        ("holdpoint-dev-recorder-catch-up", "catch-up"),
    ],
)
def test_function_is_found_by_the_name_of_its_alarm(name: str, found: str) -> None:
    assert functions.arn(TARGET, name) == f"{ARN}:{found}"
    assert functions.log_group(TARGET, name) == f"/aws/lambda/{found}"


@pytest.mark.parametrize(
    ("name", "qualifier"), [("callback", ":live"), ("recorder-catch-up", ":live"), ("payment", "")]
)
def test_function_is_invoked_by_its_alias_where_it_has_one(name: str, qualifier: str) -> None:
    assert functions.live_arn(TARGET, name) == functions.arn(TARGET, name) + qualifier


def test_names_are_not_cut_at_eighty_columns() -> None:
    out = StringIO()
    Listing(executions=[RUN, replace(RUN, status="FAILED")], waiting=[], at=RUN.started).print(
        Console(file=out, width=80, highlight=False)
    )
    assert len(RUN.name) == 80
    lines = out.getvalue().splitlines()
    assert len(lines) == 3
    assert all(line.startswith(RUN.name) for line in lines[1:])


@pytest.mark.parametrize(
    ("command", "module"), [("watch", "ops.commands.watch.follow"), ("logs", "ops.history.logs.read")]
)
def test_error_names_a_sandbox_that_ended(run: Run, monkeypatch: pytest.MonkeyPatch, command: str, module: str) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    outputs = {**OUTPUTS, "endpoint_url": "http://127.0.0.1:1", "sandbox_pid": 2**22 + 1}
    monkeypatch.setattr("ops.aws.target.find", lambda *_: Target(origin="the sandbox", outputs=outputs))
    monkeypatch.setattr(module, gone)
    ended = run(command)
    assert ended.exit_code == 3
    assert "error: the sandbox has ended, and everything in it is gone" in ended.stderr
