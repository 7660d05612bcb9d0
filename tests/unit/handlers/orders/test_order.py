"""The order service."""

from decimal import Decimal
from typing import Any

import pytest

from handlers.aws import client
from handlers.orders.errors import InvalidOrderError, OrderConflictError
from handlers.orders.order import handler
from tests.unit.handlers.conftest import Context, event
from tests.unit.handlers.orders.conftest import ORDERS, stored

pytestmark = pytest.mark.usefixtures("shop")

ITEM = {"productId": "PROD001", "quantity": 2, "price": 29.99}


WRONG: dict[str, list[Any]] = {
    "productId": ["", None, 7, "x" * 129],
    "quantity": [0, -1, 1001, 1.5, "2", True, None, 1e300, float("nan"), float("inf")],
    "price": [0, -0.01, "29.99", True, None, 1e-320, 1e9, float("nan"), float("inf"), 10**400],
}


def order(items: Any = None, *, user_id: Any = "test123", **more: Any) -> dict[str, Any]:
    return {"orderData": {"items": [ITEM] if items is None else items}, "userData": {"userId": user_id}, **more}


def count() -> int:
    return int(client("dynamodb").scan(TableName=ORDERS)["Count"])


def test_order_of_the_recipe(context: Context) -> None:
    answer = handler(event("orders_order"), context)
    assert answer == {
        "orderId": answer["orderId"],
        "userId": "test123",
        "status": "PENDING",
        "items": [ITEM],
        "subtotal": 59.98,
        "tax": 4.8,
        "total": 64.78,
        "createdAt": answer["createdAt"],
        "reason": None,
        "payment": None,
        "reservation": None,
        "notification": None,
    }
    record = stored(ORDERS, answer["orderId"])
    assert record["total"] == Decimal("64.78")
    assert record["items"] == [{"productId": "PROD001", "quantity": 2, "price": Decimal("29.99")}]
    assert record["timeline"] == [{"state": "PENDING", "at": answer["createdAt"]}]


def test_event_detail_is_an_order(context: Context) -> None:
    detail = event("order_submitted")["detail"]
    answer = handler({"orderData": detail["orderData"], "userData": {"userId": detail["userId"]}}, context)
    assert (answer["subtotal"], answer["tax"], answer["total"]) == (99.99, 8.0, 107.99)


def test_orders_without_an_id_are_distinct(context: Context) -> None:
    assert handler(order(), context)["orderId"] != handler(order(), context)["orderId"]
    assert count() == 2


def test_repeated_order_is_idempotent(context: Context) -> None:
    first = handler(order(orderId="o-1"), context)
    assert handler(order(orderId="o-1"), context) == first
    assert count() == 1


def test_known_order_is_returned_with_its_status(context: Context) -> None:
    handler(order(orderId="o-1"), context)
    client("dynamodb").update_item(
        TableName=ORDERS,
        Key={"orderId": {"S": "o-1"}},
        UpdateExpression="SET #status = :status, reason = :reason, payment = :payment, reservation = :none",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            ":status": {"S": "REJECTED"},
            ":reason": {"S": "out of stock"},
            ":payment": {"M": {"status": {"S": "REFUNDED"}, "amount": {"N": "64.78"}, "paymentId": {"NULL": True}}},
            ":none": {"M": {}},
        },
    )
    answer = handler(order(orderId="o-1"), context)
    assert (answer["status"], answer["reason"]) == ("REJECTED", "out of stock")
    assert answer["payment"] == {"status": "REFUNDED", "amount": 64.78, "paymentId": None}
    assert answer["reservation"] is None


@pytest.mark.parametrize("user_id", ["test123", ""])
def test_order_closed_before_its_creation_stays_closed(user_id: str, context: Context) -> None:
    item = {"orderId": "o-1", "status": "FAILED", "reason": "down", "userId": user_id, "createdAt": "then"}
    client("dynamodb").put_item(TableName=ORDERS, Item={name: {"S": value} for name, value in item.items()})
    answer = handler(order(orderId="o-1"), context)
    assert (answer["status"], answer["reason"], answer["items"], answer["total"]) == ("FAILED", "down", None, None)


@pytest.mark.parametrize(
    "other",
    [
        order([{**ITEM, "quantity": 3}]),
        order([{**ITEM, "price": 29.98}]),
        order([ITEM, ITEM]),
        order(user_id="somebody"),
        order([]),
        order([{**ITEM, "price": -1}]),
        order([{**ITEM, "quantity": 1, "price": 0.0001}]),
        {},
    ],
)
def test_other_order_under_the_same_id_is_a_conflict(other: dict[str, Any], context: Context) -> None:
    # Invalid ones as well: the workflow cancels an order that is reported as invalid, and this one is another's.
    first = handler(order(orderId="o-1"), context)
    with pytest.raises(OrderConflictError, match="o-1"):
        handler({**other, "orderId": "o-1"}, context)
    assert handler(order(orderId="o-1"), context) == first


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "orderData: "),
        ({"orderData": None, "userData": {"userId": "u"}}, "orderData: "),
        ({"orderData": {}, "userData": {"userId": "u"}}, "orderData.items: "),
        ({"orderData": {"items": [ITEM]}}, "userData: "),
        (order([]), "orderData.items: "),
        (order("PROD001"), "orderData.items: "),
        (order([ITEM] * 51), "orderData.items: "),
        (order(["PROD001"]), "orderData.items.0: "),
        (order(user_id=""), "userData.userId: "),
        (order(user_id=7), "userData.userId: "),
        *(
            (order([ITEM, {**ITEM, name: value}]), f"orderData.items.1.{name}: ")
            for name, values in WRONG.items()
            for value in values
        ),
        *((order(orderId=value), "orderId: ") for value in ["", "a b", "../x", "é", "x" * 65, "o-1\n", 7, ["o-1"]]),
    ],
)
def test_invalid_order_is_refused_field_by_field(sent: dict[str, Any], field: str, context: Context) -> None:
    with pytest.raises(InvalidOrderError) as refused:
        handler(sent, context)
    assert field in str(refused.value)
    assert count() == 0


@pytest.mark.parametrize("order_id", ["", "a b"])
def test_every_error_is_reported(order_id: str, context: Context) -> None:
    with pytest.raises(InvalidOrderError) as refused:
        handler(order([{"quantity": 0, "price": -1}], user_id="", orderId=order_id), context)
    for field in ("orderId", "items.0.productId", "items.0.quantity", "items.0.price", "userData.userId"):
        assert f"{field}: " in str(refused.value)


def test_an_order_that_costs_nothing_is_refused(context: Context) -> None:
    with pytest.raises(InvalidOrderError, match="less than a cent"):
        handler(order([{**ITEM, "quantity": 1, "price": 0.0001}]), context)


def test_integer_may_be_written_as_a_float(context: Context) -> None:
    assert handler(order([{**ITEM, "quantity": 2.0}]), context)["items"] == [ITEM]


def test_unknown_fields_are_ignored(context: Context) -> None:
    assert handler(order([{**ITEM, "colour": "red"}], channel="web"), context)["items"] == [ITEM]
