"""The order service: validates, prices and stores an order once."""

from datetime import UTC, datetime
from typing import Annotated, Any, Protocol
from uuid import uuid4

from pydantic import Field

from facts import OPEN_ORDER
from handlers.orders.answering import answering
from handlers.orders.attributes import as_json
from handlers.orders.errors import InvalidOrderError, OrderConflictError
from handlers.orders.fields import MAX_LINES, Identifier, OrderId, Payload, PricedLine
from handlers.orders.money import totals
from handlers.orders.orders_table import orders
from handlers.payloads import PayloadError, validated
from handlers.timestamps import timestamp


class Ordered(Payload):
    """The lines of an order."""

    items: Annotated[list[PricedLine], Field(min_length=1, max_length=MAX_LINES)]


class Customer(Payload):
    """The customer of an order."""

    user_id: Identifier


class OrderRequest(Payload):
    """A request for an order; requests with the same orderId are the same order."""

    order_id: OrderId | None = None
    order_data: Ordered
    user_data: Customer


class OrderStore(Protocol):
    """The part of `handlers.orders.orders_table.Orders` that is used here."""

    def create(self, record: dict[str, Any]) -> dict[str, Any]: ...
    def read(self, order_id: str) -> dict[str, Any] | None: ...


@answering
def handler(event: dict[str, Any]) -> dict[str, Any]:
    """Answer `{"orderData": {"items": [...]}, "userData": {"userId": ...}, "orderId"?: ...}`."""
    return create_order(event, orders(), now=datetime.now(UTC), new_id=f"ord-{uuid4()}")


def create_order(event: Any, store: OrderStore, *, now: datetime, new_id: str) -> dict[str, Any]:
    """Write the order as PENDING. An order that exists is returned unchanged.

    Args:
        event: the request as sent.
        store: the table of orders.
        now: the current time.
        new_id: the orderId of an order that was sent without one.

    Raises:
        OrderConflictError: the orderId is that of another order.
        PayloadError: the request is not an order.
        InvalidOrderError: it costs nothing.
    """
    try:
        request = validated(OrderRequest, event)
        record = _priced(request, request.order_id or new_id, timestamp(now))
    except (PayloadError, InvalidOrderError):
        _refuse_if_taken(event, store)
        raise
    stored = store.create(record)
    if not _is_same(stored, record):
        raise _conflict(record["orderId"])
    return _answer(stored)


def _priced(request: OrderRequest, order_id: str, at: str) -> dict[str, Any]:
    lines = request.order_data.items
    cost = totals((line.quantity, line.price) for line in lines)
    if not cost.total:
        raise InvalidOrderError("The order cannot be taken: its items cost less than a cent together")
    return {
        "orderId": order_id,
        "userId": request.user_data.user_id,
        "status": "PENDING",
        "open": OPEN_ORDER,
        "items": [{"productId": line.product_id, "quantity": line.quantity, "price": line.price} for line in lines],
        "subtotal": cost.subtotal,
        "tax": cost.tax,
        "total": cost.total,
        "timeline": [{"state": "PENDING", "at": at}],
        "createdAt": at,
        "updatedAt": at,
    }


def _refuse_if_taken(event: Any, store: OrderStore) -> None:
    """Refuse an invalid order whose id belongs to an earlier one.

    The workflow cancels an order that a service reports as invalid; it must not cancel the earlier order.
    """
    order_id = event.get("orderId") if isinstance(event, dict) else None
    try:
        known = order_id and store.read(validated(_Named, {"orderId": order_id}).order_id)
    except PayloadError:
        return
    # A record without items never became an order: it was closed before this service saw it, or refused here.
    if known and "items" in known:
        raise _conflict(str(order_id))


class _Named(Payload):
    order_id: OrderId


def _is_same(stored: dict[str, Any], record: dict[str, Any]) -> bool:
    if "items" not in stored:
        return stored.get("userId") in ("", None, record["userId"])
    return all(stored.get(name) == record[name] for name in ("userId", "items"))


def _conflict(order_id: str) -> OrderConflictError:
    return OrderConflictError(
        f"There is another order {order_id}, for other items or by another user: use a new orderId"
    )


def _answer(record: dict[str, Any]) -> dict[str, Any]:
    names = ("orderId", "userId", "status", "items", "subtotal", "tax", "total", "createdAt", "reason")
    later = ("payment", "reservation", "notification")
    # The workflow writes an empty map for none.
    return {name: as_json(record.get(name)) for name in names} | {
        name: as_json(record.get(name)) or None for name in later
    }
