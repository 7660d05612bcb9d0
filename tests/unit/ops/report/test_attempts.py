"""Attempts of a task: input, result and times of each."""

from typing import Any

from ops.history import timeline
from ops.report import attempts
from tests.unit.ops.history.histories import Writer


def _of(writer: Writer) -> list[dict[str, Any]]:
    return attempts.of(timeline.read(writer.events).visits[0])


def _statuses(writer: Writer) -> list[str]:
    return [attempt["status"] for attempt in _of(writer)]


def test_every_attempt_is_listed_until_success() -> None:
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


def test_attempt_waits_until_its_callback() -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.task(resource="updateItem.waitForTaskToken")
    assert _statuses(writer) == ["running"]
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    assert _statuses(writer) == ["waiting"]
    writer.add("TaskSucceeded", {})
    assert _statuses(writer) == ["done"]


def test_submitted_attempt_without_a_token_is_running() -> None:
    writer = Writer()
    writer.enter("Run another")
    writer.task(resource="startExecution.sync")
    writer.add("TaskSubmitted", {"resource": "startExecution.sync"})
    assert _statuses(writer) == ["running"]


def test_timeout_has_the_error_name_of_a_catch() -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.task()
    writer.add("TaskTimedOut", {})
    (only,) = _of(writer)
    assert (only["status"], only["error"]) == ("timed out", "States.Timeout")


def test_invalid_arguments_are_a_failed_attempt() -> None:
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


def test_invalid_output_keeps_the_answer_of_the_attempt() -> None:
    writer = Writer()
    writer.enter("Validation")
    writer.task()
    writer.add("TaskSucceeded", {"output": "{}"})
    writer.add("EvaluationFailed", {"error": "States.QueryEvaluationError", "cause": "no body"})
    assert _statuses(writer) == ["done", "failed"]


def test_attempt_of_an_aborted_state_is_aborted() -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.task(resource="updateItem.waitForTaskToken")
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    writer.add("ExecutionAborted", {})
    assert _statuses(writer) == ["aborted"]


def test_other_states_have_no_attempts() -> None:
    writer = Writer()
    writer.enter("Call APIs", "Parallel")
    writer.add("ParallelStateStarted")
    writer.add("ParallelStateFailed", {"error": "Down"})
    assert _statuses(writer) == []
