"""Orders that another execution has decided: only the user of the order sees the outcome."""

import json
from typing import Any

import pytest

from asl.orders.records import MAX_LEVELS
from tests.unit.asl.deciding import chosen, value
from tests.unit.asl.orders.test_workflow import MACHINE


def _next(stored: dict[str, Any], user: str) -> str:
    """Return the state after "What became of it?"."""
    outcome = {"outcome": {"status": "REJECTED", "reason": "why"}}
    variables = {"stored": {"confirmedBy": "run-0", **outcome, **stored}, "userId": user, "orderId": "A-1"}
    variables |= {"states": {"context": {"Execution": {"Name": "run-1"}}}}
    return chosen(MACHINE["States"]["What became of it?"], variables)


@pytest.mark.parametrize("status", ["PENDING", "CANCELLING", "CONFIRMED", "REJECTED", "FAILED"])
@pytest.mark.parametrize("user", ["", "unknown-1", "somebody"])
def test_order_of_another_user_is_refused(status: str, user: str) -> None:
    assert _next({"status": status, "userId": "theirs"}, user) == "Order refused"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING", "Order refused"),
        ("CANCELLING", "Undo"),
        ("CONFIRMED", "Order known"),
        ("REJECTED", "Order known"),
        ("FAILED", "Order failed"),
    ],
)
@pytest.mark.parametrize("stored", ["mine", ""])
def test_own_order_ends_with_its_stored_outcome(status: str, state: str, stored: str) -> None:
    assert _next({"status": status, "userId": stored}, "mine") == state


def test_execution_notifies_of_its_own_confirmation() -> None:
    assert _next({"status": "CONFIRMED", "userId": "mine", "confirmedBy": "run-1"}, "mine") == "Notify customer"


@pytest.mark.parametrize("status", ["REJECTED", "FAILED"])
def test_execution_notifies_of_its_own_cancellation(status: str) -> None:
    assert _next({"status": status, "userId": "mine", "cancelledBy": "run-1"}, "mine") == "Notify cancellation"
    assert _next({"status": status, "userId": "mine", "cancelledBy": "run-0"}, "mine") != "Notify cancellation"


def _nested(levels: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"paymentId": "p", "amount": 1.5, "items": [1, "two"]}
    for _ in range(levels):
        answer = {"inner": answer}
    return answer


@pytest.mark.parametrize("levels", [0, 2, 3, 12, 60])
def test_nested_answer_is_stored_up_to_the_maximum_depth(levels: int) -> None:
    written = MACHINE["States"]["Confirm order"]["Arguments"]["ExpressionAttributeValues"][":payment"]
    stored = MACHINE["States"]["Read order"]["Assign"]["stored"]
    payment = _nested(levels)

    item = {"status": {"S": "CONFIRMED"}, "payment": value(written, {"payment": payment})}
    kept = value(stored, {"states": {"result": {"Item": item}}})["payment"]

    for _ in range(min(levels, MAX_LEVELS - 1)):
        kept, payment = kept["inner"], payment["inner"]
    if levels < MAX_LEVELS - 1:
        assert kept == payment
    elif levels >= MAX_LEVELS:
        assert json.loads(kept["inner"]) == payment["inner"]
