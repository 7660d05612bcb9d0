"""Expiry of reservations."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from handlers.aws import client
from handlers.orders.expire import ExpireError, handler
from handlers.orders.reservations_table import Reservation
from handlers.orders.stock import stock
from handlers.timestamps import timestamp
from tests.unit.handlers.conftest import Context, event
from tests.unit.handlers.orders.conftest import RESERVATIONS, available, stored


def reserve(order_id: str, pieces: int, *, minutes_left: int) -> None:
    new = Reservation(
        order_id=order_id,
        state="RESERVED",
        quantities={"PROD001": pieces},
        reservation_id=f"res-{order_id}",
        expires_at=timestamp(datetime.now(UTC) + timedelta(minutes=minutes_left)),
    )
    stock().reserve(new, now=timestamp(datetime.now(UTC) - timedelta(hours=1)))


@pytest.mark.usefixtures("shop")
def test_expired_reservation_is_released(context: Context, capsys: pytest.CaptureFixture[str]) -> None:
    reserve("late", 5, minutes_left=-1)
    reserve("later", 3, minutes_left=-20)
    reserve("in-time", 2, minutes_left=10)
    reserve("sold", 1, minutes_left=-1)
    stock().commit("sold", now=timestamp(datetime.now(UTC) - timedelta(hours=1)))
    assert handler(event("scheduled"), context) == {"expired": 2, "isComplete": True}
    assert available("PROD001") == 47
    states = {name: stored(RESERVATIONS, name)["state"] for name in ("late", "later", "in-time", "sold")}
    assert states == {"late": "EXPIRED", "later": "EXPIRED", "in-time": "RESERVED", "sold": "COMMITTED"}
    (metric,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "ReservationsExpired" in line]
    assert metric["ReservationsExpired"] == [2.0]
    assert handler(event("scheduled"), context) == {"expired": 0, "isComplete": True}
    assert available("PROD001") == 47


@pytest.mark.usefixtures("shop")
def test_failed_release_is_reported_and_the_others_continue(context: Context) -> None:
    for order_id in ("broken", "late"):
        reserve(order_id, 5, minutes_left=-1)
    client("dynamodb").update_item(
        TableName=RESERVATIONS,
        Key={"orderId": {"S": "broken"}},
        UpdateExpression="REMOVE #i, reservationId",
        ExpressionAttributeNames={"#i": "items"},
    )
    with pytest.raises(ExpireError, match=r": broken$"):
        handler(event("scheduled"), context)
    assert available("PROD001") == 45
    assert stored(RESERVATIONS, "late")["state"] == "EXPIRED"


@pytest.mark.usefixtures("shop")
def test_nothing_is_started_without_remaining_time(context: Context) -> None:
    reserve("late", 5, minutes_left=-1)
    context.remaining = 1_000
    assert handler(event("scheduled"), context) == {"expired": 0, "isComplete": False}
    assert available("PROD001") == 45
