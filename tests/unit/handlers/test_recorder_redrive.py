"""Redriven executions: the newest attempt wins, in whatever order the events arrive."""

import json
from datetime import datetime
from typing import Any

import pytest

from handlers.aws import client
from handlers.recorder import files as files_module
from handlers.recorder import record as record_module
from handlers.recorder.record import handler
from tests.unit.handlers.conftest import BUCKET, Context, event, get_item, put_waiting
from tests.unit.handlers.recordings import Histories, events, exists, facts, written


@pytest.fixture
def histories(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Histories:  # noqa: ARG001 - AWS is there first
    fake = Histories()
    monkeypatch.setattr(record_module, "executions", lambda: fake)
    return fake


def attempt(name: str, *, redriven: str | None = None, stopped: str | None = None) -> dict[str, Any]:
    """Return the event of an end, of an attempt that began by a redrive."""
    found = event(name)
    detail = found["detail"]
    if redriven:
        detail |= {"redriveCount": 1, "redriveDate": milliseconds(redriven)}
    if stopped:
        detail |= {"stopDate": milliseconds(stopped)}
    return found


def milliseconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


def redriven_history(name: str, at: str) -> list[dict[str, Any]]:
    """Return a recorded history after which the execution was redriven."""
    last = {"type": "ExecutionRedriven", "id": 900, "previousEventId": 0, "timestamp": datetime.fromisoformat(at)}
    return [*events(name), last]


def put_error(occurred: str) -> None:
    body = json.dumps({"error": "First", "occurredAt": occurred})
    client("s3").put_object(Bucket=BUCKET, Key="logs/release-1/error.json", Body=body.encode())


def test_error_of_a_redriven_attempt_replaces_the_previous_one(histories: Histories) -> None:
    put_error("2025-06-03T04:21:07.890Z")
    histories.events = redriven_history("history_failed", "2025-06-03T05:00:00Z")
    again = attempt("execution_failed", redriven="2025-06-03T05:00:00Z", stopped="2025-06-03T05:01:00Z")
    for _ in range(2):
        handler(again, Context())
        error = json.loads(written("error.json"))
        assert (error["error"], error["occurredAt"]) == ("JiraCallbackFailure", "2025-06-03T05:01:00.000Z")


def test_history_dates_the_attempt_where_the_event_does_not(histories: Histories) -> None:
    put_error("2025-06-03T04:21:07.890Z")
    histories.events = redriven_history("history_failed", "2025-06-03T05:00:00Z")
    handler(attempt("execution_failed", stopped="2025-06-03T05:01:00Z"), Context())
    assert json.loads(written("error.json"))["occurredAt"] == "2025-06-03T05:01:00.000Z"


def test_error_written_by_the_state_machine_after_a_redrive_is_kept(histories: Histories) -> None:
    put_error("2025-06-03T05:00:59.000Z")
    histories.events = redriven_history("history_failed", "2025-06-03T05:00:00Z")
    again = attempt("execution_failed", redriven="2025-06-03T05:00:00Z", stopped="2025-06-03T05:01:00Z")
    handler(again, Context())
    assert json.loads(written("error.json"))["error"] == "First"


@pytest.mark.parametrize("body", [b"mine", b"[]", b"{}", b'{"occurredAt": "2025-06-03T04:21:07"}'])
def test_error_of_unknown_age_is_kept(histories: Histories, body: bytes) -> None:
    client("s3").put_object(Bucket=BUCKET, Key="logs/release-1/error.json", Body=body)
    histories.events = redriven_history("history_failed", "2025-06-03T05:00:00Z")
    handler(attempt("execution_failed", redriven="2025-06-03T05:00:00Z", stopped="2025-06-03T05:01:00Z"), Context())
    assert written("error.json") == body.decode()


def test_concurrently_changed_error_is_kept(histories: Histories, monkeypatch: pytest.MonkeyPatch) -> None:
    put_error("2025-06-03T04:21:07.890Z")
    histories.events = redriven_history("history_failed", "2025-06-03T05:00:00Z")

    def newer_meanwhile(since: datetime, body: bytes) -> bool:
        put_error("2025-06-03T05:00:59.000Z")
        return occurred_before(since, body)

    occurred_before = files_module._occurred_before
    monkeypatch.setattr(files_module, "_occurred_before", newer_meanwhile)
    handler(attempt("execution_failed", redriven="2025-06-03T05:00:00Z", stopped="2025-06-03T05:01:00Z"), Context())
    assert json.loads(written("error.json"))["occurredAt"] == "2025-06-03T05:00:59.000Z"


def test_success_after_a_redrive_removes_the_error(histories: Histories) -> None:
    put_error("2025-06-03T04:21:07.890Z")
    histories.events = redriven_history("history_succeeded", "2025-06-03T05:00:00Z")
    again = attempt("execution_succeeded", redriven="2025-06-03T05:00:00Z", stopped="2025-06-03T05:01:00Z")
    handler(again, Context())
    assert not exists("error.json")
    assert facts(written("execution.log"))["Status"] == "SUCCEEDED"


def test_late_event_of_an_earlier_attempt_is_ignored(histories: Histories) -> None:
    put_waiting("PROJ-123", "release-1")
    histories.events = redriven_history("history_failed", "2025-06-03T05:00:00Z")
    handler(event("execution_failed"), Context())
    assert not exists("")
    assert "taskToken" in get_item("PROJ-123", "release-1")
