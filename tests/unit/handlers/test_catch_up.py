"""Catch-up: records failures whose event was lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.aws import client
from handlers.executions import Executions
from handlers.recorder import catch_up as catch_up_module
from handlers.recorder.catch_up import CatchUpError, ended_between, handler
from tests.unit.handlers.conftest import BUCKET, Context, event, get_item, put_waiting
from tests.unit.handlers.recordings import events

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:holdpoint-dev-release"
RELEASE = "arn:aws:states:us-east-1:123456789012:execution:holdpoint-dev-release"


def listed(
    name: str, *, started: timedelta, ended: timedelta, status: str = "ABORTED", redrives: int = 0
) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "executionArn": f"{RELEASE}:{name}",
        "stateMachineArn": MACHINE,
        "name": name,
        "status": status,
        "startDate": now - started,
        "stopDate": now - ended,
        "redriveCount": redrives,
    }


class StepFunctions:
    """Fake with executions, one per page, and one history for all."""

    def __init__(self, *executions: dict[str, Any]) -> None:
        self.executions = executions
        self.events: list[dict[str, Any]] = []
        self.pages = 0

    def get_paginator(self, operation: str) -> "StepFunctions":
        return self if operation == "list_executions" else StepFunctionsHistory(self.events)

    def paginate(
        self,
        *,
        stateMachineArn: str,  # noqa: N803 - boto3's
        statusFilter: str,  # noqa: N803
        redriveFilter: str | None = None,  # noqa: N803
    ) -> Iterator[dict[str, Any]]:
        assert stateMachineArn == MACHINE
        for each in self.executions:
            redriven = "REDRIVEN" if each["redriveCount"] else "NOT_REDRIVEN"
            if each["status"] == statusFilter and redriveFilter in (None, redriven):
                self.pages += 1
                yield {"executions": [each]}


class StepFunctionsHistory(StepFunctions):
    def __init__(self, found: list[dict[str, Any]]) -> None:
        super().__init__()
        self.events = found

    def paginate(self, **_arguments: Any) -> Iterator[dict[str, Any]]:
        yield {"events": self.events}


@pytest.fixture
def service(cloud: None, monkeypatch: pytest.MonkeyPatch) -> StepFunctions:  # noqa: ARG001 - AWS is there first
    service = StepFunctions(
        listed("release-1", started=timedelta(hours=2), ended=timedelta(hours=1)),
        listed("just-now", started=timedelta(hours=2), ended=timedelta(minutes=1)),
    )
    service.events = events("history_failed")
    monkeypatch.setenv("STATE_MACHINES", json.dumps([MACHINE]))
    monkeypatch.setenv("WINDOW_SECONDS", "10800")
    monkeypatch.setattr(catch_up_module, "executions", lambda: Executions(service))
    return service


def _keys() -> set[str]:
    return {each["Key"] for each in client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])}


@pytest.mark.usefixtures("service")
def test_missed_failure_is_recorded_like_its_event() -> None:
    put_waiting("PROJ-123", "release-1")
    before = _keys()
    assert handler(event("scheduled"), Context()) == {"recorded": 1}
    assert _keys() - before == {"logs/release-1/error.json", "logs/release-1/execution.log"}
    error = json.loads(client("s3").get_object(Bucket=BUCKET, Key="logs/release-1/error.json")["Body"].read())
    assert (error["executionArn"], error["jiraStoryId"]) == (f"{RELEASE}:release-1", "PROJ-123")
    assert "taskToken" not in get_item("PROJ-123", "release-1")


@pytest.mark.usefixtures("service")
def test_existing_error_is_kept() -> None:
    client("s3").put_object(Bucket=BUCKET, Key="logs/release-1/error.json", Body=b"mine")
    handler(event("scheduled"), Context())
    assert client("s3").get_object(Bucket=BUCKET, Key="logs/release-1/error.json")["Body"].read() == b"mine"


def test_lack_of_time_is_reported(service: StepFunctions) -> None:  # noqa: ARG001 - is in the environment
    context = Context()
    context.remaining = 1_000
    with pytest.raises(CatchUpError, match=r": release-1$"):
        handler(event("scheduled"), context)


def test_only_executions_that_ended_in_the_window_are_handled() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    service = StepFunctions(
        listed("young", started=hour, ended=timedelta(0)),
        # A redriven execution keeps the start of its first attempt.
        listed("redriven", started=13 * day, ended=2 * hour),
        listed("short", started=3 * hour, ended=2 * hour),
        listed("old", started=4 * hour, ended=4 * hour),
        listed("older", started=5 * hour, ended=5 * hour),
    )
    now = datetime.now(UTC)
    found = ended_between(Executions(service), MACHINE, now - 3 * hour, now - hour)
    assert [each.name for each in found] == ["redriven", "short"]
    assert service.pages == 4, "nothing is listed after the first that ended before"


def test_only_redriven_successes_are_handled() -> None:
    hour = timedelta(hours=1)
    service = StepFunctions(
        listed("at-last", started=3 * hour, ended=hour, status="SUCCEEDED", redrives=1),
        listed("at-once", started=3 * hour, ended=hour, status="SUCCEEDED"),
    )
    now = datetime.now(UTC)
    found = list(ended_between(Executions(service), MACHINE, now - 3 * hour, now))
    assert [(each.name, each.redriven) for each in found] == [("at-last", True)]
