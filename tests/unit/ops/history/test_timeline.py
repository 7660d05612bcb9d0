"""The timeline of a history: nesting, attempts, waits and ends."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ops.history import timeline
from tests.unit.ops.history.histories import Writer

EVENTS = Path(__file__).parents[3] / "events"


def _kinds(reading: timeline.Timeline) -> list[tuple[str, str]]:
    return [(change.kind, change.visit.state if change.visit else change.status) for change in reading.changes]


def test_state_is_running_until_it_exits() -> None:
    writer = Writer()
    writer.enter("Read input")
    writer.task()
    assert [visit.status for visit in timeline.read(writer.events).visits] == ["running"]
    writer.add("TaskSucceeded", {})
    writer.leave("Read input", story='"PROJ-1"')
    reading = timeline.read(writer.events)
    (visit,) = reading.visits
    assert (visit.status, visit.attempts, visit.retries) == ("done", 1, 0)
    assert visit.exited
    assert (visit.exited - visit.entered).total_seconds() == 4
    assert reading.variable("story") == "PROJ-1"
    assert reading.variable("other") is None


def test_truncated_variable_is_unknown() -> None:
    writer = Writer()
    writer.enter("Read input")
    writer.leave("Read input", story='"PROJ-1')
    assert timeline.read(writer.events).variable("story") is None


def test_retried_task_keeps_its_failures() -> None:
    writer = Writer()
    writer.enter("Validation")
    writer.task()
    writer.fail("States.Http.StatusCode.503", "busy")
    (visit,) = timeline.read(writer.events).visits
    assert visit.status == "retrying"
    writer.task()
    (visit,) = timeline.read(writer.events).visits
    assert (visit.status, visit.attempts) == ("running", 2)
    writer.add("TaskSucceeded", {})
    writer.leave("Validation")
    reading = timeline.read(writer.events)
    (visit,) = reading.visits
    assert (visit.status, visit.retries, visit.failures[0].error) == ("done", 1, "States.Http.StatusCode.503")
    assert _kinds(reading) == [
        ("entered", "Validation"),
        ("failed", "Validation"),
        ("retried", "Validation"),
        ("left", "Validation"),
    ]
    assert reading.changes[2].attempt == 2


def test_failure_with_a_next_state_is_caught() -> None:
    writer = Writer()
    writer.enter("Write result")
    writer.task()
    writer.fail("S3.S3Exception")
    writer.leave("Write result")
    writer.enter("Write error")
    assert [visit.status for visit in timeline.read(writer.events).visits] == ["caught", "running"]


def test_branches_are_nested_in_their_parallel() -> None:
    writer = Writer()
    writer.enter("Call APIs", "Parallel")
    begun = writer.add("ParallelStateStarted")
    ends = []
    for api in ("Validation", "Deployment"):
        writer.enter(api, after=begun)
        writer.task()
        writer.add("TaskSucceeded", {})
        ends.append(writer.leave(api))
        writer.enter(f"{api} checked", "Pass")
        ends.append(writer.leave(f"{api} checked", "Pass"))
    writer.add("ParallelStateSucceeded", after=ends[-1])
    writer.leave("Call APIs", "Parallel", after=ends[-1])
    writer.enter("Await story")
    reading = timeline.read(writer.events)
    assert [(visit.state, visit.depth, visit.status) for visit in reading.visits] == [
        ("Call APIs", 0, "done"),
        ("Validation", 1, "done"),
        ("Validation checked", 1, "done"),
        ("Deployment", 1, "done"),
        ("Deployment checked", 1, "done"),
        ("Await story", 0, "running"),
    ]


def test_state_entered_twice_has_two_visits() -> None:
    writer = Writer()
    for _ in range(2):
        writer.enter("Look again", "Wait")
        writer.leave("Look again", "Wait")
    assert [visit.status for visit in timeline.read(writer.events).visits] == ["done", "done"]


def test_task_with_a_token_waits_for_its_callback() -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.task(service="aws-sdk:dynamodb", resource="updateItem.waitForTaskToken")
    assert timeline.read(writer.events).waiting is None
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    reading = timeline.read(writer.events)
    assert reading.waiting is reading.visits[0]
    assert reading.visits[0].timeout_seconds == 60
    writer.add("TaskTimedOut", {"resource": "updateItem.waitForTaskToken"})
    reading = timeline.read(writer.events)
    assert reading.waiting is None
    assert reading.visits[0].failures[0].error == "States.Timeout"


@pytest.mark.parametrize(
    ("kind", "details", "status", "error"),
    [
        ("ExecutionFailed", {"error": "InvalidInput", "cause": "no"}, "FAILED", "InvalidInput"),
        ("ExecutionTimedOut", {}, "TIMED_OUT", "States.Timeout"),
        ("ExecutionAborted", {}, "ABORTED", "Aborted"),
        ("ExecutionAborted", {"error": "StoppedByOperator"}, "ABORTED", "StoppedByOperator"),
    ],
)
def test_unsuccessful_end_has_error_and_cause(kind: str, details: dict[str, Any], status: str, error: str) -> None:
    writer = Writer()
    writer.enter("Await story")
    writer.add(kind, details)
    reading = timeline.read(writer.events)
    assert reading.end
    assert reading.end.error == error
    assert reading.changes[-1].status == status
    assert reading.visits[0].status == "aborted"


def test_redriven_execution_has_not_ended() -> None:
    writer = Writer()
    entered = writer.enter("Write result")
    writer.task()
    writer.fail("S3.S3Exception")
    writer.add("ExecutionFailed", {"error": "S3.S3Exception"})
    assert timeline.read(writer.events).visits[0].status == "failed"
    writer.add("ExecutionRedriven", {})
    writer.task(after=entered)
    reading = timeline.read(writer.events)
    assert reading.end is None
    assert (reading.visits[0].status, reading.visits[0].attempts) == ("running", 2)


@pytest.mark.parametrize("file", ["history_failed.json", "history_succeeded.json"])
def test_longer_history_begins_with_the_same_changes(file: str) -> None:
    events = json.loads((EVENTS / file).read_text())["events"]
    for event in events:
        event["timestamp"] = datetime.fromisoformat(event["timestamp"])
    whole = _kinds(timeline.read(events))
    assert len(whole) > 10
    for length in range(len(events)):
        part = _kinds(timeline.read(events[:length]))
        assert part == whole[: len(part)]


def test_task_token_in_a_cause_is_masked() -> None:
    token = "AAAAKgAAAAIAAAAA" + "x" * 200
    writer = Writer()
    writer.enter("Await story")
    writer.task()
    writer.fail("DynamoDb.DynamoDbException", f'refused {{":token": {{"S": "{token}"}}}}')
    assert token not in timeline.read(writer.events).visits[0].failures[0].cause


def test_failure_of_a_parallel_belongs_to_the_parallel() -> None:
    writer = Writer()
    writer.enter("Call APIs", "Parallel")
    begun = writer.add("ParallelStateStarted")
    writer.enter("Validation", after=begun)
    writer.task()
    writer.enter("Deployment", after=begun)
    ended = writer.enter("Deployment unavailable", "Fail")
    writer.add("ParallelStateFailed", after=ended)
    reading = timeline.read(writer.events)
    assert [visit.status for visit in reading.visits] == ["retrying", "running", "running", "failed"]
    assert [(failure.error, failure.cause) for failure in reading.visits[0].failures] == [("", "")]
    writer.leave("Call APIs", "Parallel")
    writer.enter("Write error")
    reading = timeline.read(writer.events)
    assert [visit.status for visit in reading.visits] == ["caught", "aborted", "aborted", "failed", "running"]
    assert reading.visits[-1].depth == 0


def test_every_event_of_a_state_belongs_to_its_visit() -> None:
    writer = Writer()
    writer.enter("Call APIs", "Parallel")
    begun = writer.add("ParallelStateStarted")
    writer.enter("Validation", after=begun)
    writer.task()
    writer.add("TaskSucceeded", {})
    writer.leave("Validation")
    writer.add("ParallelStateSucceeded")
    writer.leave("Call APIs", "Parallel")
    whole, inner = timeline.read(writer.events).visits
    assert [event["id"] for event in whole.events] == [1, 2, 8, 9]
    assert [event["id"] for event in inner.events] == [3, 4, 5, 6, 7]
