"""The approval of large orders: who waits, and the outcome of each end of the wait."""

from dataclasses import replace
from typing import Any

import pytest

from asl import hold, orders
from tests.unit.asl.deciding import after, chosen, value
from tests.unit.asl.orders.test_workflow import MACHINE as WITHOUT
from tests.unit.asl.orders.test_workflow import TARGETS

HOLDS = hold.Table(name="holds", arn="arn:aws:dynamodb:us-east-1:123456789012:table/holds")
APPROVAL = orders.Approval(table=HOLDS, above=500, timeout_seconds=3600)
MACHINE = orders.definition(TARGETS, APPROVAL)
STATES = MACHINE["States"]
ITEM = STATES["Register approval"]["Arguments"]["Item"]


def test_nothing_changes_for_other_orders() -> None:
    states = {name: state for name, state in STATES.items() if name in WITHOUT["States"]}
    first, *rest = states["Still open?"]["Choices"]
    assert first["Next"] == "Register approval"
    assert {**states, "Still open?": {**states["Still open?"], "Choices": rest}} == WITHOUT["States"]
    assert MACHINE["TimeoutSeconds"] - WITHOUT["TimeoutSeconds"] == APPROVAL.timeout_seconds
    assert orders.definition(TARGETS, None) == WITHOUT


@pytest.mark.parametrize(
    ("status", "total", "next_state"),
    [
        ("PENDING", 500, "Pay and reserve"),
        ("PENDING", 500.01, "Register approval"),
        ("CONFIRMED", 501, "Read order"),
        ("CANCELLING", 501, "Read order"),
    ],
)
def test_only_an_open_order_above_the_amount_waits(status: str, total: float, next_state: str) -> None:
    assert chosen(STATES["Still open?"], {"order": {"status": status, "total": total}}) == next_state


def test_approvers_see_customer_total_and_items() -> None:
    items = [{"quantity": 2, "productId": "PROD001"}, {"quantity": 1, "productId": "PROD003"}]
    for lines, shown in ((items, "2 x PROD001, 1 x PROD003"), (items[:1], "2 x PROD001")):
        variables = {"orderId": "ord-1", "userId": "user-1", "order": {"total": 540.5, "items": lines}}
        said = {name: value(ITEM[name]["S"], variables) for name in ("jiraStoryId", "title", "details", "requester")}
        assert said == {
            "jiraStoryId": "ord-1",
            "title": "Order of user-1 for $540.5",
            "details": shown,
            "requester": "user-1",
        }


@pytest.mark.parametrize(
    ("user", "shown"),
    [({"email": "ann@example.com"}, "ann@example.com"), ({"email": None}, "user-1"), (None, "user-1")],
)
def test_a_customer_who_is_an_approver_does_not_approve(user: Any, shown: str) -> None:
    policy = hold.Policy(approvers=["ann@example.com", "bob@example.com"])
    states = orders.definition(TARGETS, replace(APPROVAL, policy=policy))["States"]
    item, variables = states["Register approval"]["Arguments"]["Item"], {"userId": "user-1", "user": user}
    assert value(item["requester"]["S"], variables) == shown
    others = value(item["approvers"]["Ss"], variables)
    assert others == (["bob@example.com"] if shown == "ann@example.com" else list(policy.approvers))


@pytest.mark.parametrize(
    ("approval", "next_state", "reason"),
    [
        ({"status": "success", "message": "fine"}, "Pay and reserve", None),
        ({"status": "failure", "message": "no", "decider": "Ann"}, "Close order", "The order was rejected by Ann: no"),
        ({"status": "failure", "message": "no", "decider": None}, "Close order", "The order was rejected: no"),
        ({"status": "odd"}, "Close order", "The order was rejected"),
        ("by hand", "Close order", "The order was rejected"),
        ({"status": "failure", "message": "x" * 2000}, "Close order", "The order was rejected: " + "x" * 976),
    ],
)
def test_a_rejection_cancels_the_order_with_its_reason(approval: Any, next_state: str, reason: str | None) -> None:
    choice = STATES["Approved?"]
    assert chosen(choice, {"approval": approval}) == next_state
    if reason:
        outcome = choice["Assign"]["outcome"]
        assert (outcome["status"], value(outcome["reason"], {"approval": approval})) == ("REJECTED", reason)


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        ("States.Timeout", "REJECTED", "The order was not approved: why"),
        ("DynamoDb.DynamoDbException", "FAILED", "The order was not approved: DynamoDb.DynamoDbException: why"),
    ],
)
def test_an_order_without_a_decision_is_cancelled(error: str, status: str, reason: str) -> None:
    for name in ("Register approval", "Await approval", "Take approval"):
        assert after(STATES[name], error)["Next"] == "Close approval"
    assert STATES["Close approval"]["Next"] == "Not approved"
    state = STATES["Not approved"]
    outcome, variables = state["Assign"]["outcome"], {"failure": {"error": error, "cause": "why"}}
    assert (value(outcome["status"], variables), value(outcome["reason"], variables)) == (status, reason)
    assert state["Next"] == "Close order"


def test_a_rejection_does_not_fail_the_workflow() -> None:
    assert after(STATES["Await approval"], hold.CALLBACK_FAILURE)["Next"] == "Take approval"
    assert STATES["Take approval"]["Next"] == "Approved?"


def test_the_role_may_use_the_table_of_holds_only_with_approvals() -> None:
    added = [each for each in orders.permissions(TARGETS, APPROVAL) if each not in orders.permissions(TARGETS)]
    assert [(each["Action"], each["Resource"]) for each in added] == [
        (["dynamodb:PutItem", "dynamodb:UpdateItem"], [HOLDS.arn])
    ]
