"""The inventory service: reserves all lines or none, once, and releases exactly what was reserved."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.aws import client
from handlers.orders.errors import (
    InsufficientStockError,
    OrderClosedError,
    OrderConflictError,
    ReservationExpiredError,
    UnknownProductError,
)
from handlers.orders.inventory import handler
from handlers.orders.stock import stock
from handlers.timestamps import timestamp
from tests.unit.handlers.conftest import Context
from tests.unit.handlers.orders.conftest import INVENTORY, RESERVATIONS, available, stored

pytestmark = pytest.mark.usefixtures("shop")


def reserving(*lines: tuple[Any, Any], order_id: Any = "o-1", **more: Any) -> dict[str, Any]:
    items = [{"productId": product, "quantity": quantity, "price": 1} for product, quantity in lines]
    return {"orderId": order_id, "orderData": {"items": items}, **more}


def do(action: str, order_id: str = "o-1") -> dict[str, Any]:
    return {"action": action, "orderId": order_id}


def let_lapse(order_id: str = "o-1") -> str:
    """Move the expiry of a reservation into the past."""
    past = timestamp(datetime.now(UTC) - timedelta(seconds=1))
    client("dynamodb").update_item(
        TableName=RESERVATIONS,
        Key={"orderId": {"S": order_id}},
        UpdateExpression="SET expiresAt = :past",
        ExpressionAttributeValues={":past": {"S": past}},
    )
    return past


def expire(order_id: str = "o-1") -> bool:
    return stock().expire(order_id, now=timestamp(datetime.now(UTC)))


def test_reservation_lasts_half_an_hour(context: Context) -> None:
    before = datetime.now(UTC)
    answer = handler(reserving(("PROD001", 2), ("PROD002", 1)), context)
    assert answer == {
        "reservationId": answer["reservationId"],
        "orderId": "o-1",
        "status": "RESERVED",
        "items": [{"productId": "PROD001", "quantity": 2}, {"productId": "PROD002", "quantity": 1}],
        "expiresAt": answer["expiresAt"],
    }
    held_for = datetime.fromisoformat(answer["expiresAt"]) - before
    assert timedelta(minutes=29) < held_for < timedelta(minutes=31)
    assert (available("PROD001"), available("PROD002")) == (48, 24)
    assert stored(RESERVATIONS, "o-1")["held"] == "stock"


def test_repeated_reservation_is_idempotent(context: Context) -> None:
    first = handler(reserving(("PROD001", 2)), context)
    assert handler(reserving(("PROD001", 2), action="reserve"), context) == first
    assert available("PROD001") == 48


def test_lines_of_one_product_are_summed(context: Context) -> None:
    answer = handler(reserving(("PROD004", 4), ("PROD001", 1), ("PROD004", 6)), context)
    assert answer["items"] == [{"productId": "PROD004", "quantity": 10}, {"productId": "PROD001", "quantity": 1}]
    assert available("PROD004") == 0
    with pytest.raises(InsufficientStockError):
        handler(reserving(("PROD001", 25), ("PROD001", 25), order_id="o-2"), context)


def test_insufficient_stock_is_named_and_nothing_is_reserved(context: Context) -> None:
    with pytest.raises(InsufficientStockError) as refused:
        handler(reserving(("PROD001", 1), ("PROD004", 11), ("PROD005", 1)), context)
    assert "PROD004 (11 wanted, 10 available), PROD005 (1 wanted, 0 available)" in str(refused.value)
    assert "PROD001" not in str(refused.value)
    assert (available("PROD001"), available("PROD004")) == (50, 10)
    assert handler(do("release"), context)["status"] == "NOT_RESERVED"


def test_unknown_product_is_named_and_nothing_is_reserved(context: Context) -> None:
    with pytest.raises(UnknownProductError, match=r"PROD999, X$"):
        handler(reserving(("PROD001", 1), ("PROD999", 1), ("PROD005", 1), ("X", 1)), context)
    assert available("PROD001") == 50


def test_fifty_products_fit_into_a_transaction(context: Context) -> None:
    for number in range(50):
        client("dynamodb").put_item(
            TableName=INVENTORY, Item={"productId": {"S": f"P{number}"}, "available": {"N": "1"}}
        )
    handler(reserving(*((f"P{number}", 1) for number in range(50))), context)
    assert {available(f"P{number}") for number in range(50)} == {0}
    assert handler(do("release"), context)["status"] == "RELEASED"
    assert {available(f"P{number}") for number in range(50)} == {1}


def test_committed_reservation_is_not_released(context: Context) -> None:
    reserved = handler(reserving(("PROD001", 2)), context)
    committed = {**reserved, "status": "COMMITTED"}
    assert [handler(do("commit"), context) for _ in range(2)] == [committed] * 2
    assert handler(reserving(("PROD001", 2)), context) == committed
    assert "held" not in stored(RESERVATIONS, "o-1")
    let_lapse()
    assert not expire()
    assert available("PROD001") == 48


@pytest.mark.parametrize("commit", [False, True])
def test_release_restores_the_stock_once_and_closes_the_order(commit: bool, context: Context) -> None:
    reserved = handler(reserving(("PROD001", 2), ("PROD002", 1)), context)
    if commit:
        handler(do("commit"), context)
    released = {**reserved, "status": "RELEASED"}
    assert [handler(do("release"), context) for _ in range(2)] == [released] * 2
    assert (available("PROD001"), available("PROD002")) == (50, 25)
    assert "held" not in stored(RESERVATIONS, "o-1")
    for late in (reserving(("PROD001", 2)), do("commit")):
        with pytest.raises(OrderClosedError, match="o-1"):
            handler(late, context)


def test_release_before_the_reservation_prevents_it(context: Context) -> None:
    nothing: dict[str, Any] = {
        "reservationId": None,
        "orderId": "o-1",
        "status": "NOT_RESERVED",
        "items": [],
        "expiresAt": None,
    }
    assert [handler(do("release"), context) for _ in range(2)] == [nothing] * 2
    assert stored(RESERVATIONS, "o-1")["state"] == "VOID"
    for late in (reserving(("PROD001", 2)), do("commit")):
        with pytest.raises(OrderClosedError, match="o-1"):
            handler(late, context)
    assert available("PROD001") == 50


def test_release_restores_the_stock_of_a_deleted_product(context: Context) -> None:
    handler(reserving(("PROD004", 2)), context)
    client("dynamodb").delete_item(TableName=INVENTORY, Key={"productId": {"S": "PROD004"}})
    assert handler(do("release"), context)["status"] == "RELEASED"
    assert available("PROD004") == 2


def test_expired_reservation_can_be_made_again(context: Context) -> None:
    first = handler(reserving(("PROD001", 2)), context)
    let_lapse()
    assert [expire(), expire()] == [True, False]
    assert available("PROD001") == 50
    with pytest.raises(ReservationExpiredError, match="o-1"):
        handler(do("commit"), context)
    second = handler(reserving(("PROD001", 2)), context)
    assert second["reservationId"] != first["reservationId"]
    assert available("PROD001") == 48
    assert handler(do("commit"), context)["status"] == "COMMITTED"


def test_expired_reservation_is_not_released_again(context: Context) -> None:
    handler(reserving(("PROD001", 2)), context)
    let_lapse()
    expire()
    assert [handler(do("release"), context)["status"] for _ in range(2)] == ["NOT_RESERVED"] * 2
    assert available("PROD001") == 50
    with pytest.raises(OrderClosedError):
        handler(reserving(("PROD001", 2)), context)


def test_lapsed_reservation_is_renewed_if_not_yet_released(context: Context) -> None:
    first = handler(reserving(("PROD001", 2)), context)
    past = let_lapse()
    with pytest.raises(ReservationExpiredError, match="o-1"):
        handler(do("commit"), context)
    again = handler(reserving(("PROD001", 2)), context)
    assert again["reservationId"] == first["reservationId"]
    assert again["expiresAt"] > past
    assert not expire()
    assert available("PROD001") == 48
    assert handler(do("commit"), context)["status"] == "COMMITTED"


def test_lapsed_reservation_is_released(context: Context) -> None:
    handler(reserving(("PROD001", 2)), context)
    let_lapse()
    assert handler(do("release"), context)["status"] == "RELEASED"
    assert not expire()
    assert available("PROD001") == 50


def test_commit_without_a_reservation_fails(context: Context) -> None:
    with pytest.raises(ReservationExpiredError, match="o-1"):
        handler(do("commit"), context)
    # It leaves nothing behind that would be in a reservation's way.
    assert handler(reserving(("PROD001", 2)), context)["status"] == "RESERVED"


def test_other_lines_under_the_same_order_are_a_conflict(context: Context) -> None:
    handler(reserving(("PROD001", 2)), context)
    with pytest.raises(OrderConflictError, match="o-1"):
        handler(reserving(("PROD001", 3)), context)
    assert available("PROD001") == 48
