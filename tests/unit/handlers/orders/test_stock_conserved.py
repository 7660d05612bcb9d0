"""Conservation of stock: never negative, never lost, with overlapping, repeated and crashing calls."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from moto import mock_aws

from handlers.aws import TransientError, client
from handlers.orders.errors import (
    InsufficientStockError,
    OrderClosedError,
    ReservationExpiredError,
    ServiceUnavailableError,
)
from handlers.orders.inventory_table import Inventory
from handlers.orders.reservations_table import Reservation, Reservations
from handlers.orders.stock import Stock
from handlers.orders.transactions import Transactions
from handlers.timestamps import timestamp
from tests.unit.handlers.orders.conftest import INVENTORY, RESERVATIONS, available, make_tables, stock_up
from tests.unit.handlers.orders.interrupted import CrashError, InterruptedClient, conflict

SHELF = {"A": 4, "B": 3}
BASKETS: dict[str, dict[str, int]] = {
    "o-1": {"A": 2, "B": 1},
    "o-2": {"A": 3},
    "o-3": {"B": 2},
    "o-4": {"A": 1, "B": 3},
}
LIFETIME = timedelta(minutes=30)
ORDERS = st.sampled_from(sorted(BASKETS))

CHOICES = st.sampled_from(["go"] * 9 + ["meanwhile"] * 3 + ["crash", "fail"])
"""What happens before and after each call of DynamoDB: mostly nothing, so that calls also come to their ends."""


class StockMachine(RuleBasedStateMachine):
    """State machine of service calls; other calls or a crash may come between the steps of each."""

    def __init__(self) -> None:
        super().__init__()
        self.aws = mock_aws()
        self.aws.start()
        make_tables(client("dynamodb"))
        for product, pieces in SHELF.items():
            stock_up(client("dynamodb"), product, pieces)
        self.client = InterruptedClient(client("dynamodb"))
        self.stock = Stock(
            reservations=Reservations(self.client, RESERVATIONS),
            inventory=Inventory(INVENTORY),
            transactions=Transactions(self.client),
            pause=lambda _seconds: None,
        )
        self.now = datetime(2025, 6, 3, tzinfo=UTC)
        self.made = 0
        self.over: set[str] = set()
        self.sold: set[str] = set()
        self.unwanted: set[str] = set()

    @initialize()
    def nothing_is_reserved(self) -> None:
        assert self._records() == {}

    @rule(data=st.data(), order_id=ORDERS)
    def reserve(self, data: st.DataObject, order_id: str) -> None:
        self._interruptible(data, self._reserve, order_id)

    @rule(data=st.data(), order_id=ORDERS)
    def commit(self, data: st.DataObject, order_id: str) -> None:
        self._interruptible(data, self._commit, order_id)

    @rule(data=st.data(), order_id=ORDERS)
    def release(self, data: st.DataObject, order_id: str) -> None:
        self._interruptible(data, self._release, order_id)

    @rule(data=st.data(), order_id=ORDERS)
    def expire(self, data: st.DataObject, order_id: str) -> None:
        self._interruptible(data, self._expire, order_id)

    @rule(minutes=st.sampled_from([10, 31]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def every_piece_is_on_the_shelf_or_somebodys(self) -> None:
        records = self._records()
        states = {order_id: record["state"]["S"] for order_id, record in records.items()}
        for product, pieces in SHELF.items():
            taking = [order_id for order_id, state in states.items() if state in ("RESERVED", "COMMITTED")]
            assert available(product) >= 0
            assert available(product) + sum(BASKETS[order_id].get(product, 0) for order_id in taking) == pieces
        for order_id, record in records.items():
            # The index lists what can expire.
            assert ("held" in record) == (states[order_id] == "RESERVED")
        assert all(states[order_id] in ("RELEASED", "VOID") for order_id in self.over)
        assert all(states[order_id] == "COMMITTED" for order_id in self.sold)

    def teardown(self) -> None:
        try:
            for order_id in BASKETS:
                self._release(order_id)
            self.every_piece_is_on_the_shelf_or_somebodys()
            assert {product: available(product) for product in SHELF} == SHELF
        finally:
            self.aws.stop()

    def _reserve(self, order_id: str) -> None:
        self.made += 1
        was_over = order_id in self.over
        new = Reservation(
            order_id=order_id,
            state="RESERVED",
            quantities=BASKETS[order_id],
            reservation_id=f"res-{self.made}",
            expires_at=timestamp(self.now + LIFETIME),
        )
        try:
            given = self.stock.reserve(new, now=timestamp(self.now))
        except InsufficientStockError:
            return
        except OrderClosedError:
            assert self._records()[order_id]["state"]["S"] in ("RELEASED", "VOID")
            return
        assert not was_over
        assert given.state in ("RESERVED", "COMMITTED")
        assert given.quantities == BASKETS[order_id]

    def _commit(self, order_id: str) -> None:
        with suppress(OrderClosedError, ReservationExpiredError):
            assert self.stock.commit(order_id, now=timestamp(self.now)).state == "COMMITTED"
            if order_id not in self.unwanted:
                self.sold.add(order_id)

    def _release(self, order_id: str) -> None:
        self.unwanted.add(order_id)
        self.sold.discard(order_id)
        assert self.stock.release(order_id, now=timestamp(self.now)).state in ("RELEASED", "VOID")
        self.over.add(order_id)

    def _expire(self, order_id: str) -> None:
        # Of any order: the index may list what has changed since.
        self.stock.expire(order_id, now=timestamp(self.now))

    def _interruptible(self, data: st.DataObject, act: Callable[[str], None], order_id: str, depth: int = 0) -> None:
        def interrupt(operation: str) -> None:
            choice = data.draw(CHOICES)
            if choice == "crash":
                raise CrashError
            if choice == "fail":
                raise conflict(operation, writes=5)
            if choice == "meanwhile" and depth < 2:
                other = data.draw(st.sampled_from([self._reserve, self._commit, self._release, self._expire]))
                # Mostly for the same order, where it can do harm.
                self._interruptible(data, other, data.draw(st.just(order_id) | ORDERS), depth + 1)

        before, self.client.interrupt = self.client.interrupt, interrupt
        try:
            act(order_id)
        except (CrashError, TransientError, ServiceUnavailableError):
            pass  # The outcome is unknown: the call may or may not be repeated.
        finally:
            self.client.interrupt = before

    @staticmethod
    def _records() -> dict[str, Any]:
        items = client("dynamodb").scan(TableName=RESERVATIONS, ConsistentRead=True)["Items"]
        return {item["orderId"]["S"]: item for item in items}


TestStock = StockMachine.TestCase
