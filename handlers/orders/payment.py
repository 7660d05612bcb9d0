"""The payment service: charges an order once, and refunds it once.

There is no bank behind it: the record in the table is the payment.
"""

import os
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol
from uuid import uuid4

from handlers.orders.answering import answering
from handlers.orders.errors import OrderClosedError, OrderConflictError, PaymentDeclinedError
from handlers.orders.faults import fail_if_down
from handlers.orders.fields import Amount, Identifier, Payload
from handlers.orders.money import as_number, fee, to_cents
from handlers.orders.payments_table import Payment, payments
from handlers.payloads import validated
from handlers.timestamps import timestamp

SCORES_NEEDED = ((Decimal(1000), 650), (Decimal(5000), 750))
"""Pairs of an amount in dollars and the credit score that a larger payment needs."""


class Bill(Payload):
    """The amount to pay, in dollars."""

    total: Amount


class Payer(Payload):
    """The payer. Without a score, the lowest score applies."""

    user_id: str | None = None
    credit_score: int = 0


class PaymentRequest(Payload):
    """Fields that charge and refund requests share."""

    action: Literal["charge", "refund"] = "charge"
    order_id: Identifier


class ChargeRequest(PaymentRequest):
    """A request to charge an order."""

    order_data: Bill
    user_data: Payer = Payer()


class PaymentStore(Protocol):
    """The part of `handlers.orders.payments_table.Payments` that is used here."""

    def put(self, payment: Payment, at: str) -> Payment: ...
    def mark_refunded(self, order_id: str, at: str) -> Payment | None: ...


@answering
def handler(event: dict[str, Any]) -> dict[str, Any]:
    """Answer `{"action"?: "charge" | "refund", "orderId", "orderData": {"total"}, "userData": {"creditScore"}}`."""
    request = validated(PaymentRequest, event)
    now = timestamp(datetime.now(UTC))
    if request.action == "refund":
        fail_if_down("refund", request.order_id, None)
        return refund(payments(), request.order_id, at=now)
    asked = validated(ChargeRequest, event)
    fail_if_down("payment", asked.order_id, asked.user_data.user_id, float(os.environ["PAYMENT_FAILURE_RATE"]))
    return charge(payments(), asked, payment_id=f"pay-{uuid4()}", at=now)


def charge(store: PaymentStore, asked: ChargeRequest, *, payment_id: str, at: str) -> dict[str, Any]:
    """Charge the order once. A charge that exists is returned unchanged.

    Raises:
        PaymentDeclinedError: the customer's score is too low for it.
        OrderClosedError: the order was refunded, before or after a charge.
        OrderConflictError: the order was charged another amount.
    """
    amount, score = to_cents(asked.order_data.total), asked.user_data.credit_score
    for above, needed in SCORES_NEEDED:
        if amount > above and score < needed:
            raise PaymentDeclinedError(
                f"The payment of {amount} is declined: above {above}, a credit score of {needed} is needed, not {score}"
            )
    payment = Payment(order_id=asked.order_id, state="CHARGED", payment_id=payment_id, amount=amount, fee=fee(amount))
    stored = store.put(payment, at)
    if stored.state != "CHARGED":
        raise OrderClosedError(f"Order {asked.order_id} is cancelled: nothing is charged for it any more")
    if stored.amount != amount:
        raise OrderConflictError(f"Order {asked.order_id} was charged {stored.amount}, and cannot be charged {amount}")
    return {
        "paymentId": stored.payment_id,
        "orderId": stored.order_id,
        "status": "CHARGED",
        "amount": as_number(stored.amount),
        "fee": as_number(stored.fee),
    }


def refund(store: PaymentStore, order_id: str, *, at: str) -> dict[str, Any]:
    """Refund the charge, once. Without a charge, forbid any later one."""
    stored = store.mark_refunded(order_id, at) or store.put(Payment(order_id=order_id, state="VOID"), at)
    if stored.state == "CHARGED":
        # A charge came between the two writes. Records are never deleted, so it exists now.
        stored = store.mark_refunded(order_id, at) or stored
    return {
        "paymentId": stored.payment_id,
        "orderId": order_id,
        "status": "REFUNDED" if stored.state == "REFUNDED" else "NOT_CHARGED",
        "amount": as_number(stored.amount),
    }
