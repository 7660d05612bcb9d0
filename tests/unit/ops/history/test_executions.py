"""Executions in the order of their start, whatever order AWS lists them in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, cast

import pytest

from ops.aws.state_machines import StateMachine
from ops.aws.target import Target
from ops.history import executions

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:holdpoint-dev-release"
RELEASE = StateMachine(kind="release", name="holdpoint-dev-release", arn=MACHINE)
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def listed(name: str, *, started: float, ended: float | None = None, redriven: float | None = None) -> dict[str, Any]:
    """Return an execution as ListExecutions does; times are hours before noon."""
    moments = {"startDate": started, "stopDate": ended, "redriveDate": redriven}
    return {
        "executionArn": f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}",
        "status": "RUNNING" if ended is None else "SUCCEEDED",
        **{key: NOON - timedelta(hours=hours) for key, hours in moments.items() if hours is not None},
    }


class Stack:
    """Fake of the target and of Step Functions: each execution is on its own page."""

    def __init__(self, *found: dict[str, Any]) -> None:
        self.found = found
        self.pages = 0

    def client(self, service: str) -> "Stack":
        assert service == "stepfunctions"
        return self

    def get_paginator(self, operation: str) -> "Stack":
        assert operation == "list_executions"
        return self

    def paginate(self, **_asked: Any) -> Iterator[dict[str, Any]]:
        for each in self.found:
            self.pages += 1
            yield {"executions": [each]}


def names(stack: Stack, limit: int | None = None) -> list[str]:
    found = islice(executions.of(cast("Target", stack), RELEASE), limit)
    return [each.name for each in found]


@pytest.fixture
def stack() -> Stack:
    """Return five executions in AWS's order: by redrive, end or start, the most recent first."""
    return Stack(
        listed("redriven", started=200, redriven=1),
        listed("long", started=30, ended=2),
        listed("new", started=4, ended=3),
        listed("waiting", started=5),
        listed("older", started=7, ended=6),
    )


def test_latest_start_comes_first(stack: Stack) -> None:
    assert names(stack) == ["new", "waiting", "older", "long", "redriven"]


def test_only_necessary_pages_are_read(stack: Stack) -> None:
    assert names(stack, 1) == ["new"]
    assert stack.pages == 4
