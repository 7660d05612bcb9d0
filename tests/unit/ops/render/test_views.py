"""Views of a followed execution: lines, JSON lines, and the table of a terminal."""

import io
import json
from datetime import timedelta

import pytest
from rich.console import Console

from ops.aws.state_machines import Workflow
from ops.history import timeline
from ops.history.executions import Execution
from ops.history.follow import Snapshot
from ops.program import PROGRAM
from ops.render.table import how_to_decide, rows
from ops.render.terminal import Terminal
from ops.render.views import view
from tests.unit.ops.history.histories import BEGIN, Writer


def _snapshot(writer: Writer, status: str = "RUNNING") -> Snapshot:
    execution = Execution(
        arn="arn:aws:states:us-east-1:1:execution:holdpoint-dev-release:run-1",
        workflow=Workflow.RELEASE,
        status=status,
        started=BEGIN,
        stopped=None if status == "RUNNING" else BEGIN + timedelta(seconds=30),
    )
    return Snapshot(execution=execution, reading=timeline.read(writer.events))


def _journey() -> list[Snapshot]:
    """Return a release at four times: at its start, while an API fails, while it waits, and at its end."""
    writer = Writer()
    writer.enter("Read input")
    looks = [_snapshot(writer)]
    writer.leave("Read input", story='"PROJ-1"')
    writer.enter("Validation")
    writer.task(service="http")
    writer.fail("States.Http.StatusCode.503")
    looks.append(_snapshot(writer))
    writer.task(service="http")
    writer.add("TaskSucceeded", {})
    writer.leave("Validation")
    writer.enter("Await story")
    writer.task(service="aws-sdk:dynamodb", resource="updateItem.waitForTaskToken")
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    looks.append(_snapshot(writer))
    writer.add("TaskFailed", {"error": "JiraCallbackFailure", "cause": "Tests are red"})
    writer.leave("Await story")
    writer.enter("Release failed", "Fail")
    writer.add("ExecutionFailed", {"error": "JiraCallbackFailure", "cause": "Tests are \x1b[31mred"})
    return [*looks, _snapshot(writer, "FAILED")]


def test_each_change_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with view(Terminal(is_json=False)) as shown:
        for snapshot in _journey():
            shown.take(snapshot)
    lines = [line.strip().split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert [line.split(" until ")[0] for line in lines] == [
        "> Read input",
        "< Read input (1.000 s)",
        "> Validation",
        "! Validation failed: States.Http.StatusCode.503",
        "> Validation again (try 2)",
        "< Validation (7.000 s)",
        "> Await story",
        "~ Await story: waits for PROJ-1",
        "! Await story failed: JiraCallbackFailure",
        "< Await story (5.000 s)",
        "> Release failed",
        "= FAILED: JiraCallbackFailure",
    ]
    assert f"Answer it in Jira, or with: {PROGRAM} callback PROJ-1" in lines[7]


def test_where_approvers_decide_their_links_are_shown() -> None:
    writer = Writer()
    writer.enter("Register story")
    item = {"jiraStoryId": {"S": "PROJ-1"}, "executionArn": {"S": "a"}, "approvers": {"Ss": ["ann@example.com"]}}
    put = {"resourceType": "aws-sdk:dynamodb", "resource": "putItem", "parameters": json.dumps({"Item": item})}
    writer.add("TaskScheduled", put)
    assert how_to_decide(_snapshot(writer)).endswith(f"{PROGRAM} holds --links")


def test_each_change_is_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    with view(Terminal(is_json=True)) as shown:
        for snapshot in _journey():
            shown.take(snapshot)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == [
        *("entered", "left", "entered", "failed", "retried", "left"),
        *("entered", "waiting", "failed", "left", "entered"),
    ]
    assert lines[0] == {"event": "entered", "at": "2026-01-02T03:04:06.000Z", "state": "Read input", "type": "Task"}
    assert lines[1]["seconds"] == 1
    assert lines[3]["error"] == "States.Http.StatusCode.503"
    assert lines[4]["attempt"] == 2
    assert (lines[7]["jiraStoryId"], lines[7]["timeoutSeconds"]) == ("PROJ-1", 60)


def _table(snapshot: Snapshot) -> str:
    console = Console(file=io.StringIO(), width=120, force_terminal=False)
    console.print(rows(snapshot))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_failed_parallel_is_shown_without_an_error_because_aws_names_none(capsys: pytest.CaptureFixture[str]) -> None:
    writer = Writer()
    writer.enter("Call APIs", "Parallel")
    writer.add("ParallelStateFailed")
    for is_json in (False, True):
        with view(Terminal(is_json=is_json)) as shown:
            shown.take(_snapshot(writer))
    text, line = [each for each in capsys.readouterr().out.splitlines() if "failed" in each]
    assert text.endswith("! Call APIs failed")
    assert json.loads(line)["error"] is None
    assert "! Call APIs" in _table(_snapshot(writer))


def test_a_hold_with_approvers_names_the_command_for_their_links(capsys: pytest.CaptureFixture[str]) -> None:
    item = {"jiraStoryId": {"S": "PO-1"}, "executionArn": {"S": "arn"}, "approvers": {"Ss": ["ann@example.com"]}}
    writer = Writer()
    writer.enter("Register approval")
    writer.task(service="aws-sdk:dynamodb", resource="putItem", parameters=json.dumps({"Item": item}))
    writer.add("TaskSucceeded", {})
    writer.leave("Register approval")
    writer.enter("Await approval")
    writer.task(service="aws-sdk:dynamodb", resource="updateItem.waitForTaskToken")
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    waits = _snapshot(writer)
    assert f"Each approver decides by a link: {PROGRAM} holds --links" in _table(waits)
    with view(Terminal(is_json=False)) as shown:
        shown.take(waits)
    assert f". Each approver decides by a link: {PROGRAM} holds --links" in capsys.readouterr().out


def test_table_has_the_status_of_each_state() -> None:
    begun, failing, waiting, failed = map(_table, _journey())
    assert "> Read input" in begun
    assert "run-1  RUNNING" in begun
    assert "! Validation" in failing
    assert "States.Http.StatusCode.503" in failing
    assert "2 tries" in waiting
    assert "~ Await story" in waiting
    assert "python -m ops callback PROJ-1" in waiting
    assert "x Release failed" in failed
    assert "run-1  FAILED  30 s" in failed
    assert "Tests are \\x1b[31mred" in failed
