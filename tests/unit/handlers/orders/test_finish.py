"""Restart of orders that were left open, with their original request."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.aws import client
from handlers.orders import finish as finish_module
from handlers.orders.finish import FinishError, asked_for, handler
from handlers.orders.order import create_order
from handlers.orders.orders_table import orders
from handlers.orders.workflow import Workflow
from tests.unit.handlers.conftest import Context, event
from tests.unit.handlers.orders.conftest import ORDERS

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
LINES = [{"productId": "PROD001", "quantity": 2, "price": 29.99}]


class StepFunctions:
    """Fake that collects started executions."""

    def __init__(self) -> None:
        self.started: list[tuple[str, dict[str, Any]]] = []
        self.refused: set[str] = set()

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> None:  # noqa: N803 - boto3's
        assert stateMachineArn == MACHINE
        order = json.loads(input)
        if order["orderId"] in self.refused:
            raise KeyError(order["orderId"])
        if name in {started for started, _ in self.started}:
            raise ClientError({"Error": {"Code": "ExecutionAlreadyExists"}}, "StartExecution")
        self.started.append((name, order))


@pytest.fixture
def step_functions(monkeypatch: pytest.MonkeyPatch) -> StepFunctions:
    service = StepFunctions()
    monkeypatch.setenv("OPEN_INDEX", "open")
    monkeypatch.setenv("LEFT_AFTER_SECONDS", "1500")
    monkeypatch.setenv("APPROVAL_ABOVE", "0")
    monkeypatch.setenv("APPROVAL_SECONDS", "0")
    monkeypatch.setattr(finish_module, "workflow", lambda: Workflow(service, MACHINE))
    return service


def order(order_id: str, *, minutes_old: int) -> None:
    asked = {"orderId": order_id, "orderData": {"items": LINES}, "userData": {"userId": "user-1"}}
    create_order(asked, orders(), now=datetime.now(UTC) - timedelta(minutes=minutes_old), new_id="unused")


@pytest.mark.usefixtures("shop")
def test_old_open_order_is_started_with_its_original_request(
    context: Context, step_functions: StepFunctions, capsys: pytest.CaptureFixture[str]
) -> None:
    order("left", minutes_old=30)
    order("at-work", minutes_old=20)
    order("ended", minutes_old=30)
    client("dynamodb").update_item(
        TableName=ORDERS,
        Key={"orderId": {"S": "ended"}},
        UpdateExpression="REMOVE #open",
        ExpressionAttributeNames={"#open": "open"},
    )
    assert handler(event("scheduled"), context) == {"started": 1, "isComplete": True}
    ((name, started),) = step_functions.started
    assert started == {"orderId": "left", "userId": "user-1", "orderData": {"items": LINES}}
    assert name.startswith("left-20")
    assert len("x" * 64 + name.removeprefix("left")) <= 80
    (metric,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "OrdersStartedAgain" in line]
    assert metric["OrdersStartedAgain"] == [1.0]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("minutes_old", "status", "above", "is_started"),
    [
        (30, "PENDING", "10", False),
        (26 + 60, "PENDING", "10", True),
        (30, "PENDING", "1000", True),
        (30, "CANCELLING", "10", True),
        (30, "PENDING", "0", True),
    ],
    ids=["it may wait", "after its wait", "a small one", "one that is cancelled", "no approvals"],
)
def test_order_that_may_wait_for_approval_is_left_alone(
    context: Context,
    step_functions: StepFunctions,
    monkeypatch: pytest.MonkeyPatch,
    minutes_old: int,
    status: str,
    above: str,
    is_started: bool,
) -> None:
    monkeypatch.setenv("APPROVAL_ABOVE", above)
    monkeypatch.setenv("APPROVAL_SECONDS", "3600")
    order("large", minutes_old=minutes_old)
    client("dynamodb").update_item(
        TableName=ORDERS,
        Key={"orderId": {"S": "large"}},
        UpdateExpression="SET #status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": {"S": status}},
    )
    assert handler(event("scheduled"), context)["started"] == is_started
    assert len(step_functions.started) == is_started


@pytest.mark.usefixtures("shop")
def test_failed_start_is_reported_and_the_others_continue(context: Context, step_functions: StepFunctions) -> None:
    for order_id in ("a", "b"):
        order(order_id, minutes_old=30)
    step_functions.refused = {"a"}
    with pytest.raises(FinishError, match=r": a$"):
        handler(event("scheduled"), context)
    assert [started["orderId"] for _, started in step_functions.started] == ["b"]


@pytest.mark.usefixtures("shop")
def test_nothing_is_started_without_remaining_time(context: Context, step_functions: StepFunctions) -> None:
    order("left", minutes_old=30)
    context.remaining = 1_000
    assert handler(event("scheduled"), context) == {"started": 0, "isComplete": False}
    assert step_functions.started == []


def test_repeated_schedule_event_starts_nothing_twice(step_functions: StepFunctions) -> None:
    again = Workflow(step_functions, MACHINE)
    for _ in range(2):
        again.start("left-1", {"orderId": "left"})
    assert len(step_functions.started) == 1
    step_functions.refused = {"left"}
    with pytest.raises(KeyError):
        again.start("left-2", {"orderId": "left"})


def test_order_without_prices_has_no_items() -> None:
    assert asked_for({"orderId": "o", "status": "CANCELLING"}) == {"orderId": "o", "userId": ""}
    lines = [{"productId": "P", "quantity": Decimal(2), "price": Decimal("0.5")}]
    priced = {"orderId": "o", "userId": "u", "items": lines}
    assert asked_for(priced)["orderData"] == {"items": [{"productId": "P", "quantity": 2, "price": 0.5}]}
