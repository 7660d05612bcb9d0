"""Stock operations: reserve pieces for an order, commit them, or give them back, each once.

One transaction moves the pieces and writes the reservation, on condition that the reservation is unchanged since it was
read. A call that is interrupted, late or repeated finds either nothing or everything done.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from handlers.orders.errors import (
    InsufficientStockError,
    OrderClosedError,
    OrderConflictError,
    ReservationExpiredError,
    ServiceUnavailableError,
    UnknownProductError,
)
from handlers.orders.inventory_table import Inventory, available, inventory
from handlers.orders.reservations_table import Reservation, Reservations, State, reservation, reservations
from handlers.orders.transactions import CancelledError, Reason, Transactions, transactions

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 0.8, 0.8)
"""The longest pauses between attempts, in seconds: 3 s in total; after that the state machine retries."""

Done = TypeVar("Done")


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Reservations and inventory, changed together.

    Every method raises `ServiceUnavailableError` after too many conflicting writes, and `TransientError` if DynamoDB
    is out of reach. The caller may retry after either.

    Attributes:
        pause: sleeps for a random part of a number of seconds.
    """

    reservations: Reservations
    inventory: Inventory
    transactions: Transactions
    pause: Callable[[float], None]

    def reserve(self, new: Reservation, *, now: str) -> Reservation:
        """Take all pieces of a new reservation, or none.

        Returns:
            The order's reservation: this one, or an earlier one. An expired one that still has its pieces is
            extended.

        Raises:
            UnknownProductError, InsufficientStockError: nothing was taken; the message names every such product.
            OrderClosedError: the order was released.
            OrderConflictError: other pieces are reserved for the order.
        """

        def attempt() -> Reservation | None:
            takes = [self.inventory.take(*each) for each in new.quantities.items()]
            try:
                self.transactions.write([self.reservations.hold(new, now), *takes])
            except CancelledError as cancelled:
                record, *products = cancelled.reasons
                if record.failed:
                    return self._stands(reservation(record.item or {}), new, now)
                # A concurrent call for the same order may have just taken the missing pieces.
                if not record.in_the_way:
                    _refuse(new.quantities, products)
                return None
            return new

        return self._patiently(attempt)

    def commit(self, order_id: str, *, now: str) -> Reservation:
        """Commit the pieces of the order.

        Raises:
            ReservationExpiredError: the reservation has expired, or there is none.
            OrderClosedError: the order was released.
        """

        def attempt() -> Reservation | None:
            known = self.reservations.read(order_id)
            if known is None:
                raise ReservationExpiredError(f"Nothing is reserved for order {order_id}")
            if known.state == "COMMITTED":
                return known
            _refuse_closed(known)
            if known.state == "EXPIRED" or is_lapsed(known, now):
                raise ReservationExpiredError(
                    f"What was reserved for order {order_id} was held until {known.expires_at}"
                )
            return replace(known, state="COMMITTED") if self.reservations.commit(known, now) else None

        return self._patiently(attempt)

    def release(self, order_id: str, *, now: str) -> Reservation:
        """Give back the pieces of the order, once; no later call can reserve any for it.

        Returns:
            The reservation: RELEASED, or VOID if there was nothing to give back.
        """

        def attempt() -> Reservation | None:
            known = self.reservations.read(order_id)
            if known is None:
                void = Reservation(order_id=order_id, state="VOID", quantities={})
                return void if self.reservations.put_void(order_id, now) else None
            if known.state == "EXPIRED":
                return replace(known, state="VOID") if self.reservations.void_expired(known, now) else None
            if known.state in ("RESERVED", "COMMITTED"):
                return self._give_back(known, "RELEASED", now)
            return known

        return self._patiently(attempt)

    def expire(self, order_id: str, *, now: str) -> bool:
        """Give back the pieces of an expired reservation; return False if it has not expired or holds none."""

        def attempt() -> bool | None:
            known = self.reservations.read(order_id)
            if known is None or not is_lapsed(known, now):
                return False
            return None if self._give_back(known, "EXPIRED", now) is None else True

        return self._patiently(attempt)

    def _stands(self, known: Reservation, new: Reservation, now: str) -> Reservation | None:
        _refuse_closed(known)
        if known.quantities != new.quantities:
            raise OrderConflictError(
                f"Other items are reserved for order {known.order_id}: send these under a new orderId"
            )
        if is_lapsed(known, now):
            renewed = self.reservations.renew(known, str(new.expires_at))
            return replace(known, expires_at=new.expires_at) if renewed else None
        return known

    def _give_back(self, known: Reservation, state: State, now: str) -> Reservation | None:
        gives = [self.inventory.give(*each) for each in known.quantities.items()]
        try:
            self.transactions.write([self.reservations.end(known, state, now), *gives])
        except CancelledError:
            return None
        return replace(known, state=state)

    def _patiently(self, attempt: Callable[[], Done | None]) -> Done:
        """Retry until the attempt succeeds; each attempt reads the tables again."""
        for pause in (*PAUSES, None):
            done = attempt()
            if done is not None:
                return done
            if pause is not None:
                self.pause(pause)
        raise ServiceUnavailableError("Many orders want the same products at this moment")


def is_lapsed(known: Reservation, now: str) -> bool:
    """Return whether the reservation has expired and still holds its pieces."""
    return known.state == "RESERVED" and known.expires_at is not None and known.expires_at <= now


def _refuse_closed(known: Reservation) -> None:
    if known.state in ("RELEASED", "VOID"):
        raise OrderClosedError(f"Order {known.order_id} is cancelled: nothing is reserved for it any more")


def _refuse(wanted: dict[str, int], reasons: list[Reason]) -> None:
    """Raise the error for unknown products or a lack of stock; conflicts with other writes are retried instead."""
    failed = [(product, reason.item) for product, reason in zip(wanted, reasons, strict=True) if reason.failed]
    unknown = [product for product, item in failed if item is None]
    if unknown:
        raise UnknownProductError(f"There is no product {', '.join(unknown)}")
    short = [f"{product} ({wanted[product]} wanted, {available(item)} available)" for product, item in failed if item]
    if short:
        raise InsufficientStockError(f"Not enough in stock: {', '.join(short)}")


def _pause(longest: float) -> None:
    # Jitter keeps conflicting writers from conflicting again; nothing secret depends on it.
    time.sleep(random.uniform(0, longest))  # noqa: S311


@cache
def stock() -> Stock:
    """Return the stock in the tables that the environment names."""
    return Stock(reservations=reservations(), inventory=inventory(), transactions=transactions(), pause=_pause)
