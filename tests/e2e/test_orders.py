"""Orders by event and directly: every outcome, each with its record, its money and its stock in order."""

from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.client import Client
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail, timeline

RECIPE_ITEMS = [
    {"productId": "PROD001", "quantity": 2, "price": 29.99},
    {"productId": "PROD002", "quantity": 1, "price": 49.99},
]


@pytest.fixture(scope="module")
def shop(aws: Client) -> Shop:
    """Return the shop of the stack as `Pulumi.dev.yaml` describes it."""
    return Shop(aws)


def test_order_of_the_recipe_is_confirmed(shop: Shop) -> None:
    before = shop.available("PROD001")
    arn = shop.start({"userId": "test123", "orderData": {"items": RECIPE_ITEMS}})
    output = shop.output(arn)
    assert (output["status"], output["reason"], output["total"]) == ("CONFIRMED", None, 118.77)
    assert output["payment"]["amount"] == 118.77
    assert output["reservation"]["status"] == "COMMITTED"
    assert output["notification"]["status"] == "SENT"
    assert shop.available("PROD001") == before - 2
    assert len(shop.states(arn)) == 10
    order = shop.finished(output["orderId"])
    assert order["status"]["S"] == "CONFIRMED"
    assert order["userId"]["S"] == "test123"
    assert order["total"]["N"] == "118.77"
    assert timeline(order) == ["PENDING", "CONFIRMED"]


@pytest.mark.parametrize("detail_type", ["Order Submitted", "Order Created"])
def test_event_starts_an_order(shop: Shop, detail_type: str) -> None:
    product = new_product(shop, 5)
    event = shop.submit(order_detail("test123", product, quantity=2), detail_type=detail_type)
    order = shop.finished(f"ord-{event}")
    assert order["status"]["S"] == "CONFIRMED"
    assert shop.available(product) == 3


def test_client_of_the_recipe_sees_the_execution(shop: Shop) -> None:
    machine = shop.client.outputs["orders_state_machine_arn"]
    event = shop.submit({"userId": "test123", "orderData": {"items": RECIPE_ITEMS[:1]}})
    shop.finished(f"ord-{event}")
    listed = shop.client.stepfunctions.list_executions(stateMachineArn=machine, maxResults=5)["executions"]
    assert listed
    names = shop.client.aws("events").list_rules(
        NamePrefix="holdpoint", EventBusName=shop.client.outputs["orders_event_bus_name"]
    )["Rules"]
    assert shop.client.outputs["orders_event_rule_name"] in {rule["Name"] for rule in names}


def test_declined_payment_releases_the_stock(shop: Shop) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    arn = shop.start(order_detail("low-credit-1", product, quantity=2, price=900, orderId=order_id))
    output = shop.output(arn)
    assert output["status"] == "REJECTED"
    assert output["total"] == 1944.0
    assert "declined" in output["reason"].lower()
    assert output["notification"]["status"] == "SENT"
    assert shop.available(product) == 5
    order = shop.finished(order_id)
    assert timeline(order) == ["PENDING", "CANCELLING", "REJECTED"]
    assert order["reason"]["S"] == output["reason"]


def test_an_order_out_of_stock_is_refunded(shop: Shop) -> None:
    order_id = new_order_id()
    output = shop.output(shop.start(order_detail("test123", "PROD005", price=149.99, orderId=order_id)))
    assert output["status"] == "REJECTED"
    assert "PROD005" in output["reason"]
    assert output["payment"]["status"] == "REFUNDED"
    assert "161.99" in output["notification"]["message"]
    assert shop.payment(order_id) == "REFUNDED"
    assert shop.available("PROD005") == 0


@pytest.mark.parametrize(
    ("detail", "reason"),
    [
        ({}, "userId"),
        ({"userId": "test123"}, "orderData"),
        ({"userId": "test123", "orderData": {"items": []}}, "items"),
        ({"userId": "test123", "orderData": {"items": [{"productId": "PROD001"}]}}, "quantity"),
        ({"userId": "test123", "orderData": {"items": [{"productId": "P", "quantity": -1, "price": 1}]}}, "quantity"),
        ({"userId": "unknown-1", "orderData": {"items": RECIPE_ITEMS}}, "unknown-1"),
        ({"userId": "inactive-1", "orderData": {"items": RECIPE_ITEMS}}, "inactive-1"),
        ({"userId": "test123", "orderData": {"items": RECIPE_ITEMS}, "orderId": "../../x"}, "orderId"),
        ("just text", "userId"),
    ],
)
def test_invalid_event_is_rejected_with_reasons(shop: Shop, detail: Any, reason: str) -> None:
    order_id = f"ord-{uuid4()}"
    output = shop.output(shop.start({"eventId": order_id.removeprefix("ord-"), "detail": detail}))
    assert output["status"] == "REJECTED"
    assert reason in output["reason"]
    order = shop.finished(order_id)
    assert order["status"]["S"] == "REJECTED"
    assert reason in order["reason"]["S"]


@pytest.mark.parametrize("service", ["payment", "inventory"])
def test_failed_service_fails_and_compensates_the_order(shop: Shop, service: str) -> None:
    product, order_id = new_product(shop, 5), f"{service}-down-{uuid4().hex[:8]}"
    ended = shop.ended(shop.start(order_detail("test123", product, orderId=order_id)))
    assert (ended["status"], ended["error"]) == ("FAILED", "OrderFailed")
    assert order_id in ended["cause"]
    order = shop.finished(order_id)
    assert order["status"]["S"] == "FAILED"
    assert timeline(order) == ["PENDING", "CANCELLING", "FAILED"]
    assert shop.available(product) == 5
    assert shop.payment(order_id) in {"REFUNDED", "VOID"}


def test_failed_user_service_fails_the_order(shop: Shop) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    ended = shop.ended(shop.start(order_detail("user-down-1", product, orderId=order_id)))
    assert (ended["status"], ended["error"]) == ("FAILED", "OrderFailed")
    assert shop.finished(order_id)["status"]["S"] == "FAILED"
    assert shop.available(product) == 5


def test_failed_notification_is_a_warning(shop: Shop) -> None:
    product, order_id = new_product(shop, 5), f"notification-down-{uuid4().hex[:8]}"
    output = shop.output(shop.start(order_detail("test123", product, orderId=order_id)))
    assert output["status"] == "CONFIRMED"
    assert output["notification"]["status"] == "FAILED"
    order = shop.finished(order_id)
    assert order["status"]["S"] == "CONFIRMED"
    assert timeline(order)[-1] == "NOTIFICATION_FAILED"


def test_expired_reservation_releases_its_stock(shop: Shop) -> None:
    product, order_id = new_product(shop, 5), new_order_id()
    detail = order_detail("test123", product, orderId=order_id)
    shop.invoke("inventory", {"orderId": order_id, "orderData": detail["orderData"]})
    assert shop.available(product) == 4
    shop.client.dynamodb.update_item(
        TableName=shop.client.outputs["reservations_table_name"],
        Key={"orderId": {"S": order_id}},
        UpdateExpression="SET expiresAt = :past",
        ExpressionAttributeValues={":past": {"S": "2026-01-01T00:00:00.000Z"}},
    )
    for _ in range(2):
        shop.client.aws("lambda").invoke(FunctionName="holdpoint-dev-services-expirer", Payload=b"{}")
        assert shop.available(product) == 5
    output = shop.output(shop.start(detail))
    assert output["status"] == "CONFIRMED"
    assert shop.available(product) == 4


def test_services_answer_the_recipes_payloads_alone(shop: Shop) -> None:
    user = shop.invoke("user", {"userId": "test123"})
    assert user["userId"] == "test123"
    assert 600 <= user["creditScore"] <= 850
    item = {"productId": "PROD001", "quantity": 2, "price": 29.99}
    order = shop.invoke("order", {"orderData": {"items": [item]}, "userData": {"userId": "test123"}})
    assert (order["subtotal"], order["tax"], order["total"]) == (59.98, 4.8, 64.78)
    assert shop.order(order["orderId"])
