"""The payments table: one record for each order, which goes CHARGED -> REFUNDED, or is VOID from the start."""

import os
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from handlers.aws import client
from handlers.conditional_writes import ConditionFailedError, conditional_write
from handlers.orders.attributes import from_item, to_item

State = Literal["CHARGED", "REFUNDED", "VOID"]


@dataclass(frozen=True, kw_only=True)
class Payment:
    """The payment of an order. VOID blocks any later charge; it has no paymentId and amounts of 0."""

    order_id: str
    state: State
    payment_id: str | None = None
    amount: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)


class Payments:
    """Payments by orderId. Every method raises `TransientError` where DynamoDB is throttled or out of reach."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._client = dynamodb
        self._table = table

    def put(self, payment: Payment, at: str) -> Payment:
        """Write the payment unless one exists, and return the one in the table."""
        record = {
            "orderId": payment.order_id,
            "state": payment.state,
            "paymentId": payment.payment_id,
            "amount": payment.amount,
            "fee": payment.fee,
            "createdAt": at,
        }
        try:
            with conditional_write():
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(record),
                    ConditionExpression="attribute_not_exists(orderId)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionFailedError as failed:
            return _payment(failed.item or {})
        return payment

    def mark_refunded(self, order_id: str, at: str) -> Payment | None:
        """Record that a charge is refunded, and return the item that the table has now, or None without one."""
        try:
            with conditional_write():
                item = self._client.update_item(
                    TableName=self._table,
                    Key={"orderId": {"S": order_id}},
                    UpdateExpression="SET #state = :refunded, refundedAt = :at",
                    ConditionExpression="#state = :charged",
                    ExpressionAttributeNames={"#state": "state"},
                    ExpressionAttributeValues=to_item({":refunded": "REFUNDED", ":charged": "CHARGED", ":at": at}),
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )["Attributes"]
        except ConditionFailedError as failed:
            item = failed.item
        return _payment(item) if item else None


def _payment(item: dict[str, Any]) -> Payment:
    record = from_item(item)
    return Payment(
        order_id=record["orderId"],
        state=record["state"],
        payment_id=record["paymentId"],
        amount=record["amount"],
        fee=record["fee"],
    )


@cache
def payments() -> Payments:
    """Return the table that PAYMENTS_TABLE names."""
    return Payments(client("dynamodb"), os.environ["PAYMENTS_TABLE"])
