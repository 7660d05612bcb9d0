"""The notification service."""

from typing import Any

import pytest

from handlers.orders.errors import InvalidOrderError, ServiceUnavailableError
from handlers.orders.notification import handler
from tests.unit.handlers.conftest import Context

ORDER = {"orderId": "o-1", "total": 64.7, "items": [], "payment": None}
USER = {"userId": "test123", "email": "test123@example.com"}
REFUND = {"paymentId": "pay-1", "orderId": "o-1", "status": "REFUNDED", "amount": 64.78}


def telling(status: Any = "CONFIRMED", reason: Any = None, **more: Any) -> dict[str, Any]:
    return {"orderId": "o-1", "status": status, "reason": reason, "userData": USER, "orderData": ORDER, **more}


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (telling(), "Your order o-1 is confirmed. The total is $64.70."),
        (telling(orderData=None), "Your order o-1 is confirmed."),
        (telling("REJECTED", "Not enough in stock."), "Your order o-1 was not accepted: Not enough in stock."),
        (
            telling("REJECTED", "Not enough in stock", payment=REFUND),
            "Your order o-1 was not accepted: Not enough in stock. We gave you back $64.78.",
        ),
        (
            telling("FAILED", "It is down", orderData={**ORDER, "payment": REFUND}),
            "Your order o-1 could not be completed: It is down. We gave you back $64.78.",
        ),
        (
            telling("FAILED", None, payment={"paymentId": None, "status": "NOT_CHARGED", "amount": 0}),
            "Your order o-1 could not be completed. You were not charged.",
        ),
        (telling("REJECTED", "No", orderData=None, userData=None), "Your order o-1 was not accepted: No."),
    ],
)
def test_message_names_the_outcome(sent: dict[str, Any], message: str, context: Context) -> None:
    answer = handler(sent, context)
    assert answer == {"orderId": "o-1", "channel": "email", "status": "SENT", "message": message}


@pytest.mark.parametrize(
    ("user", "channel"),
    [
        (USER, "email"),
        ({"phone": "+1555"}, "sms"),
        ({"deviceToken": "d"}, "push"),
        ({"phone": "+1555", "deviceToken": "d"}, "sms"),
        ({**USER, "phone": "+1555"}, "email"),
        ({}, "email"),
        (None, "email"),
    ],
)
def test_channel_is_one_of_the_customers(user: Any, channel: str, context: Context) -> None:
    assert handler(telling(userData=user), context)["channel"] == channel


@pytest.mark.parametrize(
    "sent", [telling(orderId="notification-down-1"), telling(userData={"userId": "my-notification-down"})]
)
def test_service_fails_on_demand(sent: dict[str, Any], context: Context) -> None:
    with pytest.raises(ServiceUnavailableError, match="notification"):
        handler(sent, context)


@pytest.mark.parametrize(
    ("sent", "field"),
    [({}, "orderId"), (telling("SHIPPED"), "status"), (telling(orderData={"total": "64"}), "orderData.total")],
)
def test_invalid_outcome_is_refused(sent: dict[str, Any], field: str, context: Context) -> None:
    with pytest.raises(InvalidOrderError, match=f"{field}: "):
        handler(sent, context)
