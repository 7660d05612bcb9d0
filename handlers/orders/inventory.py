"""The inventory service: reserves the pieces of an order, commits them, or gives them back; stores the products."""

import os
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import Field

from handlers.aws import client
from handlers.orders.answering import answering
from handlers.orders.catalogue import Catalogue, put_products
from handlers.orders.faults import fail_if_down
from handlers.orders.fields import MAX_LINES, Identifier, Payload, ProductLine, quantities
from handlers.orders.reservations_table import Reservation
from handlers.orders.stock import stock
from handlers.payloads import validated
from handlers.timestamps import timestamp


class Request(Payload):
    """The action: one on the pieces of an order, or `stock`, which puts products into the table."""

    action: Literal["reserve", "commit", "release", "stock"] = "reserve"


class OrderRequest(Payload):
    """The order, and the action on its pieces."""

    action: Literal["reserve", "commit", "release"] = "reserve"
    order_id: Identifier


class Wanted(Payload):
    """The lines to reserve."""

    items: Annotated[list[ProductLine], Field(min_length=1, max_length=MAX_LINES)]


class Customer(Payload):
    """The customer of the order; used for failures on demand only."""

    user_id: str | None = None


class ReserveRequest(OrderRequest):
    """A request to reserve the lines of an order."""

    order_data: Wanted
    user_data: Customer | None = None


@answering
def handler(event: dict[str, Any]) -> dict[str, Any]:
    """Answer `{"action"?: "reserve" | "commit" | "release", "orderId", "orderData": {"items": [...]}}`.

    A deployment sends `{"action": "stock", "products": [...]}`.
    """
    if validated(Request, event).action == "stock":
        return _stock(validated(Catalogue, event))
    request = validated(OrderRequest, event)
    now = datetime.now(UTC)
    if request.action == "reserve":
        return _reserve(validated(ReserveRequest, event), now)
    fail_if_down(request.action, request.order_id, None)
    change = stock().commit if request.action == "commit" else stock().release
    return _answer(change(request.order_id, now=timestamp(now)))


def _stock(catalogue: Catalogue) -> dict[str, Any]:
    put_products(client("dynamodb"), os.environ["INVENTORY_TABLE"], catalogue.products)
    return {"status": "STOCKED", "products": [product.product_id for product in catalogue.products]}


def _reserve(asked: ReserveRequest, now: datetime) -> dict[str, Any]:
    user_id = asked.user_data.user_id if asked.user_data else None
    fail_if_down("inventory", asked.order_id, user_id, float(os.environ["INVENTORY_FAILURE_RATE"]))
    new = Reservation(
        order_id=asked.order_id,
        state="RESERVED",
        quantities=quantities(asked.order_data.items),
        reservation_id=f"res-{uuid4()}",
        expires_at=timestamp(now + timedelta(seconds=float(os.environ["RESERVATION_SECONDS"]))),
    )
    return _answer(stock().reserve(new, now=timestamp(now)))


def _answer(known: Reservation) -> dict[str, Any]:
    return {
        "reservationId": known.reservation_id,
        "orderId": known.order_id,
        "status": "NOT_RESERVED" if known.state == "VOID" else known.state,
        "items": [{"productId": product, "quantity": quantity} for product, quantity in known.quantities.items()],
        "expiresAt": known.expires_at,
    }
