"""Repeated orders: one order, finished where it stopped, and only for its user."""

import json
from uuid import uuid4

import pytest

from tests.e2e.client import Client
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail


@pytest.fixture(scope="module")
def shop(aws: Client) -> Shop:
    """Return the shop of the stack as `Pulumi.dev.yaml` describes it."""
    return Shop(aws)


def test_the_same_event_is_one_order(shop: Shop) -> None:
    product, event = new_product(shop, 5), str(uuid4())
    arns = [shop.start({"eventId": event, "detail": order_detail("test123", product)}) for _ in range(5)]
    outputs = [shop.output(arn) for arn in arns]
    assert {output["orderId"] for output in outputs} == {f"ord-{event}"}
    assert {output["status"] for output in outputs} == {"CONFIRMED"}
    assert shop.available(product) == 4


def test_known_order_is_reported_with_its_status(shop: Shop) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    first = shop.output(shop.start(order_detail("test123", product, orderId=order_id)))
    arn = shop.start(order_detail("test123", product, orderId=order_id))
    again = shop.output(arn)
    assert again["status"] == "CONFIRMED"
    # The customer is notified once, and the record has the channel.
    assert {**again, "notification": None} == {**first, "notification": None}
    assert first["reservation"]["items"] == [{"productId": product, "quantity": 1}]
    assert "Notify customer" not in shop.states(arn)
    assert shop.available(product) == 4


def test_other_order_under_the_same_id_is_refused_without_effect(shop: Shop) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    shop.output(shop.start(order_detail("test123", product, orderId=order_id)))
    output = shop.output(shop.start(order_detail("test123", product, quantity=3, orderId=order_id)))
    assert output["status"] == "REJECTED"
    assert (shop.order(order_id) or {})["status"]["S"] == "CONFIRMED"
    assert shop.available(product) == 4


@pytest.mark.parametrize("user", ["unknown-1", "somebody-else"])
def test_open_order_of_another_user_is_not_closed(shop: Shop, user: str) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    mine = order_detail("test123", product, orderId=order_id)
    shop.invoke("order", {"orderId": order_id, "orderData": mine["orderData"], "userData": {"userId": "test123"}})
    output = shop.output(shop.start({**mine, "userId": user}))
    assert output["status"] == "REJECTED"
    assert (shop.order(order_id) or {})["status"]["S"] == "PENDING"
    assert shop.output(shop.start(mine))["status"] == "CONFIRMED"


@pytest.mark.parametrize("user", ["unknown-1", "somebody-else", "user-down-1", "", None])
def test_order_id_alone_reveals_nothing(shop: Shop, user: str | None) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    mine = order_detail("test123", product, orderId=order_id)
    shop.output(shop.start(mine))
    before = shop.order(order_id)
    output = shop.output(shop.start({**mine, "userId": user}))
    assert (output["status"], output["total"], output["payment"]) == ("REJECTED", 0, None)
    assert order_id in output["reason"]
    assert shop.order(order_id) == before


def test_invalid_execution_name_gives_a_generated_order_id(shop: Shop) -> None:
    arn = shop.client.stepfunctions.start_execution(
        stateMachineArn=shop.client.outputs["orders_state_machine_arn"],
        name="x" * 80,
        input=json.dumps(order_detail("test123", new_product(shop, 5))),
    )["executionArn"]
    output = shop.output(arn)
    assert output["status"] == "CONFIRMED"
    assert len(output["orderId"]) == 44


def test_unfinished_order_is_finished_by_its_next_event(shop: Shop) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    detail = order_detail("test123", product, orderId=order_id)
    user = shop.invoke("user", {"userId": "test123"})
    order = shop.invoke("order", {"orderId": order_id, "orderData": detail["orderData"], "userData": user})
    shop.invoke("payment", {"orderId": order_id, "orderData": order, "userData": user})
    shop.invoke("inventory", {"orderId": order_id, "orderData": order})
    output = shop.output(shop.start(detail))
    assert output["status"] == "CONFIRMED"
    assert shop.available(product) == 4
    assert shop.payment(order_id) == "CHARGED"


def test_cancelling_order_is_compensated_by_its_next_event(shop: Shop) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    detail = order_detail("test123", product, orderId=order_id)
    user = shop.invoke("user", {"userId": "test123"})
    order = shop.invoke("order", {"orderId": order_id, "orderData": detail["orderData"], "userData": user})
    shop.invoke("payment", {"orderId": order_id, "orderData": order, "userData": user})
    shop.client.dynamodb.update_item(
        TableName=shop.client.outputs["orders_table_name"],
        Key={"orderId": {"S": order_id}},
        UpdateExpression="SET #status = :status, #outcome = :outcome, #reason = :reason",
        ExpressionAttributeNames={"#status": "status", "#outcome": "outcome", "#reason": "reason"},
        ExpressionAttributeValues={
            ":status": {"S": "CANCELLING"},
            ":outcome": {"S": "REJECTED"},
            ":reason": {"S": "out of stock"},
        },
    )
    output = shop.output(shop.start(detail))
    assert (output["status"], output["reason"]) == ("REJECTED", "out of stock")
    assert shop.payment(order_id) == "REFUNDED"
    assert shop.available(product) == 5
