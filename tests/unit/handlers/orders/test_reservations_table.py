"""Conditional writes of reservations: an item that changed since it was read stays as it is."""

from dataclasses import replace

import pytest

from handlers.orders.reservations_table import Reservation, Reservations, reservations
from handlers.orders.transactions import CancelledError, transactions

NOW, EXPIRES, LATER = "2026-01-01T10:00:00.000Z", "2026-01-01T10:30:00.000Z", "2026-01-01T11:00:00.000Z"
HELD = Reservation(
    order_id="A-1", state="RESERVED", quantities={"PROD001": 2}, reservation_id="res-1", expires_at=EXPIRES
)

outdated = pytest.mark.parametrize(
    "known",
    [replace(HELD, state="EXPIRED"), replace(HELD, reservation_id="res-0"), replace(HELD, expires_at=NOW)],
    ids=["state", "reservation", "time"],
)


@pytest.fixture
def store(shop: None) -> Reservations:  # noqa: ARG001  # an AWS, for the table
    """Return the table, with one reservation in it."""
    table = reservations()
    transactions().write([table.hold(HELD, NOW)])
    return table


@outdated
def test_changed_reservation_is_not_overwritten(store: Reservations, known: Reservation) -> None:
    assert not store.commit(known, NOW)
    assert not store.renew(known, LATER)
    assert not store.void_expired(known, NOW)
    with pytest.raises(CancelledError):
        transactions().write([store.end(known, "RELEASED", NOW)])
    assert store.read("A-1") == HELD


def test_unchanged_reservation_is_overwritten(store: Reservations) -> None:
    assert store.renew(HELD, LATER)
    assert store.commit(replace(HELD, expires_at=LATER), NOW)
    committed = store.read("A-1")
    assert committed is not None
    assert (committed.state, committed.expires_at) == ("COMMITTED", LATER)


def test_order_with_a_reservation_is_not_voided(store: Reservations) -> None:
    assert not store.put_void("A-1", NOW)
    assert store.read("A-1") == HELD
    assert store.put_void("A-2", NOW)
