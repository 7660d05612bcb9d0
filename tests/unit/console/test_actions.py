"""Actions of the console: the same as the command line's, without tokens in the answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from console import actions
from console.stack import Stack
from ops.aws.state_machines import Workflow
from ops.commands import order, start
from ops.commands.order import Submitted
from ops.errors import UsageError
from ops.history.executions import Execution
from sandbox.clients import Clients

DOCUMENT = '{"jiraStoryId": "PROJ-7", "packageIds": ["web-1"]}'
ORDER = '{"userId": "u1", "orderData": {"items": [{"productId": "P1", "quantity": 1, "price": 9.99}]}}'
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:shop"

EXECUTION = Execution(
    arn="arn:aws:states:us-east-1:123456789012:execution:shop-release:one",
    workflow=Workflow.RELEASE,
    status="RUNNING",
    started=datetime(2026, 1, 2, tzinfo=UTC),
)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect what was started: documents and details."""
    done: list[Any] = []

    def release(_target: object, content: bytes, **options: Any) -> Execution:
        done.append((content.decode(), options["story"]))
        return EXECUTION

    def submit(_target: object, detail: str) -> Submitted:
        done.append(detail)
        return Submitted(summary="Put event 1 on the bus", order_id="ord-1", at=EXECUTION.started)

    monkeypatch.setattr(start, "start_release", release)
    monkeypatch.setattr(order, "submit", submit)
    monkeypatch.setattr(order, "execution_of", lambda _target, _submitted: EXECUTION)
    return done


@pytest.fixture
def act() -> actions.Actions:
    outputs = {"state_machine_arn": MACHINE, "orders_state_machine_arn": f"{MACHINE}-orders"}
    return actions.Actions(Stack("http://127.0.0.1:4566", Clients("http://127.0.0.1:4566"), lambda: outputs))


def test_started_release_is_named_after_its_story(act: actions.Actions, started: list[Any]) -> None:
    assert act.release({"document": DOCUMENT, "isChecked": True}) == {
        "machine": "shop-release",
        "name": "one",
        "message": "Started one",
    }
    assert started == [(DOCUMENT, "PROJ-7")]


def test_order_is_submitted(act: actions.Actions, started: list[Any]) -> None:
    assert act.order({"document": ORDER})["message"] == "Put event 1 on the bus"
    assert started == [ORDER]


def test_invalid_document_is_not_started(act: actions.Actions, started: list[Any]) -> None:
    with pytest.raises(UsageError, match="jiraStoryId"):
        act.release({"document": '{"jiraStoryId": "x", "packageIds": ["a"]}'})
    with pytest.raises(UsageError, match="userId"):
        act.order({"document": "{}"})
    assert started == []


def test_invalid_document_is_started_if_unchecked(act: actions.Actions, started: list[Any]) -> None:
    act.release({"document": "no JSON", "isChecked": False})
    act.order({"document": "{}", "isChecked": False})
    assert started == [("no JSON", start.NO_STORY), "{}"]
