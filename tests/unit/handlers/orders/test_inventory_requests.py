"""The inventory service: validation of requests, and failures on demand."""

from typing import Any

import pytest

from handlers.orders.errors import (
    InvalidOrderError,
    ServiceUnavailableError,
)
from handlers.orders.inventory import handler
from tests.unit.handlers.conftest import Context
from tests.unit.handlers.orders.conftest import available
from tests.unit.handlers.orders.test_inventory import do, reserving

pytestmark = pytest.mark.usefixtures("shop")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "orderId"),
        (do("sell"), "action"),
        (do("reserve"), "orderData"),
        (reserving(), "orderData.items"),
        (reserving(("PROD001", 0)), "orderData.items.0.quantity"),
        (reserving(("", 1)), "orderData.items.0.productId"),
        (reserving(("PROD001", 1), order_id=""), "orderId"),
    ],
)
def test_invalid_request_is_refused(sent: dict[str, Any], field: str, context: Context) -> None:
    with pytest.raises(InvalidOrderError, match=f"{field}: "):
        handler(sent, context)


def test_service_fails_on_demand_for_an_order_or_a_customer(context: Context) -> None:
    for sent in (
        reserving(("PROD001", 1), order_id="inventory-down-1"),
        reserving(("PROD001", 1), order_id="o-2", userData={"userId": "inventory-down-1"}),
    ):
        with pytest.raises(ServiceUnavailableError, match="inventory"):
            handler(sent, context)
        assert handler(do("release", sent["orderId"]), context)["status"] == "NOT_RESERVED"
    for step in ("commit", "release"):
        handler(reserving(("PROD001", 1), order_id=f"{step}-down-1"), context)
        with pytest.raises(ServiceUnavailableError, match=step):
            handler(do(step, f"{step}-down-1"), context)


def test_service_fails_at_the_configured_rate(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVENTORY_FAILURE_RATE", "1")
    with pytest.raises(ServiceUnavailableError):
        handler(reserving(("PROD001", 1)), context)
    assert available("PROD001") == 50
    monkeypatch.setenv("INVENTORY_FAILURE_RATE", "0")
    assert handler(reserving(("PROD001", 1)), context)["status"] == "RESERVED"
