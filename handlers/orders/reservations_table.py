"""The reservations table: one record for each order that took pieces, or that never may.

RESERVED -> COMMITTED | RELEASED | EXPIRED; COMMITTED -> RELEASED; EXPIRED -> RESERVED | VOID; VOID from the start,
if a release came first. RELEASED and VOID are final. A record has `held` while it is RESERVED: the index of that name
lists what can expire, soonest first.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from handlers.aws import client, transient_failures
from handlers.conditional_writes import ConditionFailedError, conditional_write
from handlers.orders.attributes import from_item, to_item
from handlers.orders.transactions import Write

State = Literal["RESERVED", "COMMITTED", "RELEASED", "EXPIRED", "VOID"]

HELD = "stock"

_UNCHANGED = "#state = :state AND reservationId = :id AND expiresAt = :expires"


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """Pieces reserved for an order, by product. Times are ISO 8601 in UTC, as `handlers.timestamps` makes them."""

    order_id: str
    state: State
    quantities: dict[str, int]
    reservation_id: str | None = None
    expires_at: str | None = None


class Reservations:
    """Reservations by orderId. Reads and writes raise `TransientError` if DynamoDB throttles or is out of reach."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._client = dynamodb
        self._table = table

    def read(self, order_id: str) -> Reservation | None:
        """Return the reservation as of now."""
        with transient_failures():
            found = self._client.get_item(TableName=self._table, Key=_key(order_id), ConsistentRead=True)
        return reservation(found["Item"]) if "Item" in found else None

    def lapsed(self, index: str, now: str) -> Iterator[str]:
        """Yield the orders whose reservations have expired, oldest first; the index may lag."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression="held = :held AND expiresAt <= :now",
            ExpressionAttributeValues=to_item({":held": HELD, ":now": now}),
        )
        with transient_failures():
            for page in pages:
                for item in page["Items"]:
                    yield item["orderId"]["S"]

    def hold(self, new: Reservation, at: str) -> Write:
        """Return the write of a new reservation, on condition that there is none or an expired one."""
        return {
            "Put": {
                "TableName": self._table,
                "Item": _item(new, at, held=HELD),
                "ConditionExpression": "attribute_not_exists(orderId) OR #state = :expired",
                "ExpressionAttributeNames": {"#state": "state"},
                "ExpressionAttributeValues": to_item({":expired": "EXPIRED"}),
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def end(self, known: Reservation, state: State, at: str) -> Write:
        """Return the write of a reservation's end, on condition that the item is unchanged."""
        return {
            "Update": self._change(known, "SET #state = :new, endedAt = :at REMOVE held", {":new": state, ":at": at})
        }

    def commit(self, known: Reservation, at: str) -> bool:
        """Stop its expiry; return False if the item has changed."""
        return self._update(known, "SET #state = :new, committedAt = :at REMOVE held", {":new": "COMMITTED", ":at": at})

    def renew(self, known: Reservation, expires_at: str) -> bool:
        """Postpone its expiry; return False if the item has changed."""
        return self._update(known, "SET expiresAt = :later", {":later": expires_at})

    def void_expired(self, known: Reservation, at: str) -> bool:
        """Prevent a new reservation in place of an expired one. Return False if the item has changed."""
        return self._update(known, "SET #state = :new, endedAt = :at", {":new": "VOID", ":at": at})

    def put_void(self, order_id: str, at: str) -> bool:
        """Prevent every reservation for an order; return False if there is one."""
        void = Reservation(order_id=order_id, state="VOID", quantities={})
        try:
            with conditional_write():
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(void, at),
                    ConditionExpression="attribute_not_exists(orderId)",
                )
        except ConditionFailedError:
            return False
        return True

    def _update(self, known: Reservation, update: str, values: dict[str, str]) -> bool:
        try:
            with conditional_write():
                self._client.update_item(**self._change(known, update, values))
        except ConditionFailedError:
            return False
        return True

    def _change(self, known: Reservation, update: str, values: dict[str, str]) -> dict[str, Any]:
        as_known = {":state": known.state, ":id": known.reservation_id, ":expires": known.expires_at}
        return {
            "TableName": self._table,
            "Key": _key(known.order_id),
            "UpdateExpression": update,
            "ConditionExpression": _UNCHANGED,
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": to_item({**as_known, **values}),
        }


def reservation(item: dict[str, Any]) -> Reservation:
    """Return the reservation of an item."""
    record = from_item(item)
    return Reservation(
        order_id=record["orderId"],
        state=record["state"],
        quantities={line["productId"]: int(line["quantity"]) for line in record["items"]},
        reservation_id=record.get("reservationId"),
        expires_at=record.get("expiresAt"),
    )


def _key(order_id: str) -> dict[str, Any]:
    return {"orderId": {"S": order_id}}


def _item(new: Reservation, at: str, **more: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "orderId": new.order_id,
        "state": new.state,
        "items": [{"productId": product, "quantity": quantity} for product, quantity in new.quantities.items()],
        "createdAt": at,
        **more,
    }
    if new.reservation_id:
        record |= {"reservationId": new.reservation_id, "expiresAt": new.expires_at}
    return to_item(record)


@cache
def reservations() -> Reservations:
    """Return the table that RESERVATIONS_TABLE names."""
    return Reservations(client("dynamodb"), os.environ["RESERVATIONS_TABLE"])
