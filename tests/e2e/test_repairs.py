"""Repairs by scheduled functions after lasting faults or killed executions."""

import json
from functools import partial

from sandbox.faults import EVENT_DELIVERY, Fault, Kind
from tests.e2e.client import Client, document, eventually, story
from tests.e2e.control import Control
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail

ORDERS_ROLE, PAYMENT = "holdpoint-dev-orders-workflow-use1", "holdpoint-dev-services-payment"
MINUTE = 60
REFUND_ATTEMPTS, SDK_TRIES, LONGEST_PAUSE_SECONDS = 9, 3, 30
"""Attempts of the workflow to refund, attempts of the SDK in each, and the pause between them."""


def _tick(client: Client, function: str) -> None:
    """Run a scheduled function as its rule does."""
    answer = client.aws("lambda").invoke(FunctionName=client.outputs[f"{function}_lambda_arn"], Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_cancellation_with_a_lost_answer_is_notified(breakable: Client) -> None:
    shop, control, order_id = Shop(breakable), Control(breakable), new_order_id()
    declined = order_detail("low-credit-1", new_product(shop, 5), price=2000.0, orderId=order_id)
    cancel = Fault(call="dynamodb.UpdateItem", kind=Kind.LOST_ANSWER, nth=2, by=ORDERS_ROLE, about=order_id)
    with control.faults(cancel):
        output = shop.output(shop.start(declined))
    assert (output["status"], output["notification"]["status"]) == ("REJECTED", "SENT")
    assert "not charged" in output["notification"]["message"]


def test_order_with_a_failed_refund_is_finished_later(breakable: Client) -> None:
    shop, control, order_id = Shop(breakable), Control(breakable), new_order_id()
    product = new_product(shop, 1)
    refund = Fault(call="dynamodb.UpdateItem", kind=Kind.RESET, times=1000, by=PAYMENT, about=order_id)
    with control.faults(refund):
        arn = shop.start(order_detail("test123", product, quantity=2, orderId=order_id))
        for attempt in range(1, 1 + REFUND_ATTEMPTS):
            eventually(partial(_have_failed, control, attempt * SDK_TRIES), f"attempt {attempt} to give the money back")
            control.move_clock(LONGEST_PAUSE_SECONDS)
        assert shop.ended(arn)["status"] == "FAILED"
    assert (shop.status(order_id), shop.payment(order_id)) == ("CANCELLING", "CHARGED")

    control.move_clock(30 * MINUTE)
    _tick(breakable, "orders_finisher")
    assert shop.finished(order_id)["status"]["S"] == "REJECTED"
    assert (shop.payment(order_id), shop.available(product)) == ("REFUNDED", 1)


def test_order_of_a_killed_execution_is_finished_later(breakable: Client) -> None:
    shop, control, order_id = Shop(breakable), Control(breakable), new_order_id()
    product = new_product(shop, 5)
    commit = Fault(call="lambda.Invoke", kind=Kind.DELAY, nth=5, by=ORDERS_ROLE, about=order_id, seconds=5)
    with control.faults(commit):
        arn = shop.start(order_detail(order_id, product, orderId=order_id))
        eventually(partial(_have_failed, control, 1), "the call that commits the stock")
        breakable.stepfunctions.stop_execution(executionArn=arn)
    assert (shop.status(order_id), shop.payment(order_id)) == ("PENDING", "CHARGED")

    _tick(breakable, "orders_finisher")
    assert shop.status(order_id) == "PENDING", "an order that somebody may still work on is left alone"
    control.move_clock(30 * MINUTE)
    _tick(breakable, "orders_finisher")
    assert shop.finished(order_id)["status"]["S"] == "CONFIRMED"
    assert (shop.payment(order_id), shop.available(product)) == ("CHARGED", 4)


def test_failure_with_a_lost_event_is_recorded_later(breakable: Client) -> None:
    control, key = Control(breakable), story()
    run = breakable.start(document(key))
    run.waiting(key)
    with control.faults(Fault(call=EVENT_DELIVERY, kind=Kind.LOSE, by="holdpoint-dev-recorder", about=run.name)):
        breakable.stepfunctions.stop_execution(executionArn=run.arn, error="Stopped", cause="by hand")
        run.ended()
    assert breakable.object(f"logs/{run.name}/error.json") is None

    control.move_clock(30 * MINUTE)
    _tick(breakable, "catch_up")
    error = run.error()
    assert (error["error"], error["cause"], error["jiraStoryId"]) == ("Stopped", "by hand", key)
    assert "taskToken" not in (run.item(key) or {})


def test_failed_order_is_recorded(breakable: Client) -> None:
    shop, order_id = Shop(breakable), new_order_id()
    arn = shop.start(order_detail("user-down-1", new_product(shop, 5), orderId=order_id))
    eventually(partial(_has_ended, breakable, arn), "the end of the execution")
    content = eventually(lambda: breakable.object(f"logs/{arn.rsplit(':', 1)[1]}/error.json"), "its error.json")
    error = json.loads(content)
    assert (error["error"], error["executionArn"]) == ("OrderFailed", arn)
    assert order_id in error["cause"]


def _have_failed(control: Control, calls: int) -> bool | None:
    return control.fired() >= calls or None


def _has_ended(client: Client, arn: str) -> bool | None:
    return client.stepfunctions.describe_execution(executionArn=arn)["status"] != "RUNNING" or None
