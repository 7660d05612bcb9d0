"""A large order waits for people before stock and money are taken; it has one outcome, whatever they decide."""

import json

import pytest

from tests.e2e.client import Client, Run
from tests.e2e.crashes import crash_after_the_write, sweep, wait_again
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail, timeline
from tests.stacks import APPROVAL_ABOVE


@pytest.mark.parametrize(
    ("status", "ends", "steps", "left"),
    [
        ("success", "CONFIRMED", ["PENDING", "CONFIRMED"], 3),
        ("failure", "REJECTED", ["PENDING", "CANCELLING", "REJECTED"], 5),
    ],
)
def test_a_large_order_waits_for_a_decision(
    connected: Client, status: str, ends: str, steps: list[str], left: int
) -> None:
    shop = Shop(connected)
    product, order_id = new_product(shop, 5), new_order_id()
    arn = shop.start(order_detail("high-credit-1", product, quantity=2, price=APPROVAL_ABOVE, orderId=order_id))
    Run(connected, arn).waiting(order_id)
    assert (shop.status(order_id), shop.payment(order_id), shop.available(product)) == ("PENDING", None, 5)

    decision = {"subject": order_id, "status": status, "message": "Seen", "decider": "Ann"}
    assert connected.call_back(decision).status == "resumed"
    output = shop.output(arn)
    assert (output["status"], shop.available(product)) == (ends, left)
    assert output["reason"] == (None if status == "success" else "The order was rejected by Ann: Seen")
    assert output["payment"]["status"] == ("CHARGED" if status == "success" else "NOT_CHARGED")
    assert timeline(shop.finished(order_id)) == steps
    assert connected.call_back(decision).status == "already-resumed"


def test_small_order_does_not_wait(connected: Client) -> None:
    shop = Shop(connected)
    product = new_product(shop, 5)
    arn = shop.start(order_detail("high-credit-1", product, quantity=1, price=10))
    assert shop.output(arn)["status"] == "CONFIRMED"
    assert "Await approval" not in shop.states(arn)


def test_a_stopped_order_no_longer_waits(connected: Client) -> None:
    shop = Shop(connected)
    product, order_id = new_product(shop, 5), new_order_id()
    run = Run(connected, shop.start(order_detail("high-credit-1", product, price=APPROVAL_ABOVE, orderId=order_id)))
    run.waiting(order_id)
    connected.stepfunctions.stop_execution(executionArn=run.arn)
    answer = connected.call_back({"subject": order_id, "message": "Too late"})
    assert (answer.code, answer.status) == (410, "gone")
    assert run.error()["jiraStoryId"] == order_id


def _waiting(shop: Shop, order_id: str) -> Run:
    order = order_detail("high-credit-1", new_product(shop, 5), price=APPROVAL_ABOVE, orderId=order_id)
    run = Run(shop.client, shop.start(order))
    run.waiting(order_id)
    return run


@pytest.mark.parametrize(("status", "ends"), [("success", "CONFIRMED"), ("failure", "REJECTED")])
def test_sweeper_sends_a_decision_after_a_crash(connected: Client, status: str, ends: str) -> None:
    shop, order_id = Shop(connected), new_order_id()
    run = _waiting(shop, order_id)
    crash_after_the_write(run, order_id, status)
    sweep(connected)
    assert shop.output(run.arn)["status"] == ends


@pytest.mark.parametrize("by_sweeper", [True, False], ids=["sweeper", "callback"])
def test_crash_after_the_decision_is_only_recorded(connected: Client, by_sweeper: bool) -> None:
    shop, order_id = Shop(connected), new_order_id()
    run = _waiting(shop, order_id)
    token = (run.item(order_id) or {})["taskToken"]
    crash_after_the_write(run, order_id)
    output = {"status": "success", "message": "Kept", "jiraStoryId": order_id, "completedAt": "2026-01-01T00:00:00Z"}
    connected.stepfunctions.send_task_success(taskToken=token["S"], output=json.dumps(output))
    assert shop.output(run.arn)["status"] == "CONFIRMED"
    wait_again(run, order_id, token)
    if by_sweeper:
        sweep(connected)
    else:
        assert connected.call_back({"subject": order_id, "message": "Again"}).status == "already-resumed"
    assert "taskToken" not in (run.item(order_id) or {})
