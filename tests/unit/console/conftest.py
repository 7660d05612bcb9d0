"""Fixtures of the console: a client in the role of a local browser, and stand-ins for AWS."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import Client

from console import application

HERE = "http://127.0.0.1:4566"
BEGIN = datetime(2026, 1, 2, tzinfo=UTC)
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:shop-release"


class StepFunctions:
    """A fake with one standard workflow and added executions; counts the reads of histories."""

    def __init__(self) -> None:
        self.executions: list[dict[str, Any]] = []
        self.stories: dict[str, str] = {}
        self.orders: dict[str, str] = {}
        self.histories_read = 0
        self.described = 0

    def add(self, name: str, *, story: str | None = None, status: str = "SUCCEEDED") -> None:
        """Add an execution that began a second after the previous one."""
        started = BEGIN + timedelta(seconds=len(self.executions))
        arn = f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}"
        execution = {
            "executionArn": arn,
            "stateMachineArn": MACHINE,
            "name": name,
            "status": status,
            "startDate": started,
        }
        if status != "RUNNING":
            execution["stopDate"] = started + timedelta(seconds=1)
        self.executions.append(execution)
        if story:
            self.stories[arn] = story

    def get_paginator(self, operation: str) -> "Pages":
        """Return a paginator of one page."""
        return Pages(getattr(self, operation))

    def list_state_machines(self) -> dict[str, Any]:
        """Return a standard and an express state machine."""
        express = {"stateMachineArn": f"{MACHINE}-express", "name": "shop-release-express", "type": "EXPRESS"}
        return {"stateMachines": [{"stateMachineArn": MACHINE, "name": "shop-release", "type": "STANDARD"}, express]}

    def list_executions(self, **asked: Any) -> dict[str, Any]:
        """Return the executions of the state machine with that status."""
        assert asked["stateMachineArn"] == MACHINE
        wanted = asked.get("statusFilter")
        return {"executions": [each for each in self.executions if wanted in (None, each["status"])]}

    def get_execution_history(self, **asked: Any) -> dict[str, Any]:
        """Return the beginning of a history, which names the story if there is one."""
        self.histories_read += 1
        arn = asked["executionArn"]
        story = self.stories.get(arn)
        assigned = {"story": f'"{story}"'} if story else {"orderId": '"ord-1"'} if arn in self.orders else {}
        left = {"name": "Read input", "assignedVariables": assigned}
        entered = {
            "id": 1,
            "type": "TaskStateEntered",
            "timestamp": BEGIN,
            "stateEnteredEventDetails": {"name": "Read input"},
        }
        exited = {"id": 2, "type": "TaskStateExited", "timestamp": BEGIN, "stateExitedEventDetails": left}
        return {"events": [entered, {**exited, "previousEventId": 1}]}

    def describe_execution(self, executionArn: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        """Return an order with the outcome that the test set."""
        self.described += 1
        output = {"orderId": "ord-1", "status": self.orders[executionArn]}
        return {"status": "SUCCEEDED", "output": json.dumps(output)}


class Pages:
    """A paginator of one page."""

    def __init__(self, operation: Callable[..., dict[str, Any]]) -> None:
        self._operation = operation

    def paginate(self, PaginationConfig: Any = None, **asked: Any) -> Iterator[dict[str, Any]]:  # noqa: ARG002, N803
        """Return the page."""
        yield self._operation(**asked)


@pytest.fixture
def stepfunctions() -> StepFunctions:
    """Return the Step Functions that the console reads."""
    return StepFunctions()


@pytest.fixture
def outputs() -> dict[str, Any] | None:
    """Return the outputs of the stack."""
    return {"state_machine_arn": MACHINE}


@pytest.fixture
def console(stepfunctions: StepFunctions, outputs: dict[str, Any] | None) -> Client:
    """Return a client of the console below HERE."""
    return Client(application.Application(HERE, lambda _service: stepfunctions, lambda: outputs))
