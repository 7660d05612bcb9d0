"""Every try of a task is told: what it was given, what came of it, and when."""

from typing import Any

from ops.history import timeline
from ops.report import attempts
from tests.unit.ops.history.histories import Writer


def _of(writer: Writer) -> list[dict[str, Any]]:
    return attempts.of(timeline.read(writer.events).visits[0])


def _statuses(writer: Writer) -> list[str]:
    return [attempt["status"] for attempt in _of(writer)]


def test_a_task_is_tried_until_it_succeeds() -> None:
    writer = Writer()
    writer.enter("Validation")
    writer.task(service="http")
    writer.fail("States.Http.StatusCode.503", "busy")
    writer.task(service="http")
    assert _statuses(writer) == ["failed", "running"]
    writer.add("TaskSucceeded", {"output": '{"a":1}'})
    first, second = _of(writer)
    assert (first["number"], first["error"], first["cause"], first["output"]) == (
        1,
        "States.Http.StatusCode.503",
        "busy",
        None,
    )
    assert first["ended"] - first["started"] == 2000
    assert (second["number"], second["status"], second["resource"], second["error"]) == (2, "done", "http:invoke", None)
    assert second["output"] == '{\n  "a": 1\n}'


def test_a_try_that_waits_for_its_token_says_so_until_it_comes() -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.task(resource="updateItem.waitForTaskToken")
    assert _statuses(writer) == ["running"]
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    assert _statuses(writer) == ["waiting"]
    writer.add("TaskSucceeded", {})
    assert _statuses(writer) == ["done"]


def test_a_try_that_is_submitted_without_a_token_still_runs() -> None:
    writer = Writer()
    writer.enter("Run another")
    writer.task(resource="startExecution.sync")
    writer.add("TaskSubmitted", {"resource": "startExecution.sync"})
    assert _statuses(writer) == ["running"]


def test_a_timeout_has_the_error_that_a_catch_would_name() -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.task()
    writer.add("TaskTimedOut", {})
    (only,) = _of(writer)
    assert (only["status"], only["error"]) == ("timed out", "States.Timeout")


def test_arguments_that_cannot_be_evaluated_are_a_try_that_called_nothing() -> None:
    writer = Writer()
    writer.enter("Register story")
    writer.add("EvaluationFailed", {"error": "States.QueryEvaluationError", "cause": "no story"})
    (only,) = _of(writer)
    assert (only["status"], only["error"], only["resource"], only["parameters"]) == (
        "failed",
        "States.QueryEvaluationError",
        None,
        None,
    )


def test_an_output_that_cannot_be_evaluated_does_not_overwrite_what_was_answered() -> None:
    writer = Writer()
    writer.enter("Validation")
    writer.task()
    writer.add("TaskSucceeded", {"output": "{}"})
    writer.add("EvaluationFailed", {"error": "States.QueryEvaluationError", "cause": "no body"})
    assert _statuses(writer) == ["done", "failed"]


def test_a_try_that_was_cut_off_runs_no_longer() -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.task(resource="updateItem.waitForTaskToken")
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    writer.add("ExecutionAborted", {})
    assert _statuses(writer) == ["aborted"]


def test_what_is_no_task_is_not_tried() -> None:
    writer = Writer()
    writer.enter("Call APIs", "Parallel")
    writer.add("ParallelStateStarted")
    writer.add("ParallelStateFailed", {"error": "Down"})
    assert _statuses(writer) == []
