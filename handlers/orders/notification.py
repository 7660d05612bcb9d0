"""The notification service: tells the customer the outcome of the order.

It sends nothing: the answer has the message that would be sent, and the channel.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from handlers.orders.answering import answering
from handlers.orders.faults import fail_if_down
from handlers.orders.fields import MAX_TOTAL, Identifier, Payload, number
from handlers.orders.money import to_cents
from handlers.payloads import validated

Channel = Literal["email", "sms", "push"]


class Recipient(Payload):
    """The recipient of a notification, and their addresses."""

    user_id: str | None = None
    email: str | None = None
    phone: str | None = None
    device_token: str | None = None


class Refund(Payload):
    """A cancelled order's payment, as the payment service answers."""

    status: str | None = None
    amount: Annotated[Decimal, BeforeValidator(number), Field(ge=0, le=MAX_TOTAL)] = Decimal(0)


class EndedOrder(Payload):
    """The order, with the fields that are known at its end."""

    total: Annotated[Decimal, BeforeValidator(number), Field(ge=0, le=MAX_TOTAL)] | None = None
    payment: Refund | None = None


class NotificationRequest(Payload):
    """The outcome of an order and its reason; `payment` is the refund, if the order itself does not have it."""

    order_id: Identifier
    status: Literal["CONFIRMED", "REJECTED", "FAILED"]
    reason: str | None = None
    user_data: Recipient | None = None
    order_data: EndedOrder | None = None
    payment: Refund | None = None


@answering
def handler(event: dict[str, Any]) -> dict[str, Any]:
    """Answer `{"orderId", "status", "reason", "userData", "orderData", "payment"?}`."""
    request = validated(NotificationRequest, event)
    recipient = request.user_data or Recipient()
    fail_if_down("notification", request.order_id, recipient.user_id)
    return {
        "orderId": request.order_id,
        "channel": channel(recipient),
        "status": "SENT",
        "message": message(request),
    }


def channel(recipient: Recipient) -> Channel:
    """Return the first of email, phone and device that the customer has."""
    if not recipient.email and recipient.phone:
        return "sms"
    if not recipient.email and recipient.device_token:
        return "push"
    return "email"


def message(request: NotificationRequest) -> str:
    """Return the message for the customer; it mentions money only if the amount is known."""
    order = request.order_data or EndedOrder()
    payment = request.payment or order.payment
    if request.status == "CONFIRMED":
        total = "" if order.total is None else f" The total is ${to_cents(order.total)}."
        return f"Your order {request.order_id} is confirmed.{total}"
    verb = "was not accepted" if request.status == "REJECTED" else "could not be completed"
    reason = f": {request.reason.removesuffix('.')}" if request.reason else ""
    money = ""
    if payment and payment.status == "REFUNDED":
        money = f" We gave you back ${to_cents(payment.amount)}."
    elif payment and payment.status == "NOT_CHARGED":
        money = " You were not charged."
    return f"Your order {request.order_id} {verb}{reason}.{money}"
