"""An order from its event to its outcome, and the checks at its end: one outcome, no money or stock lost."""

import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.faults import EVENT_DELIVERY, Fault, Kind
from tests.campaigns.faults.stack import Stack
from tests.e2e.shop import order_detail, timeline

PATIENCE_SECONDS = 90
POLL_SECONDS = 0.2
PIECES = 5
ENDS = ("CONFIRMED", "REJECTED", "FAILED")
RUNNING = ("RUNNING", "PENDING_REDRIVE")


@dataclass(frozen=True)
class Customer:
    """A user, an amount, and the outcome if nothing fails."""

    name: str
    user: str
    quantity: int
    price: float
    usual: str


SUCCESS = Customer("order", "user", 2, 10.0, "CONFIRMED")
DECLINED = Customer("order, declined", "low-credit", 1, 2000.0, "REJECTED")
OUT_OF_STOCK = Customer("order, out of stock", "user", PIECES + 1, 10.0, "REJECTED")


@dataclass
class OrderPath:
    """Orders of one sort."""

    stack: Stack
    customer: Customer
    _events: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The path's name in the table."""
        return self.customer.name

    @property
    def usual(self) -> str:
        """The outcome if nothing fails."""
        return self.customer.usual

    def text(self, number: str) -> str:
        """Return the text that every call of a trial holds: it is in the names of the order and of the user."""
        return f"order-{number}"

    def can_be_survived(self, fault: Fault) -> bool:
        """EventBridge keeps the event of an order until it is delivered, or puts it into the dead-letter queue.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html
        """
        return not (fault.call == EVENT_DELIVERY and fault.kind is Kind.LOSE)

    def holds(self, _number: str, _tried: Fault | None) -> tuple[Fault, ...]:
        """Return no faults: nothing needs to be slowed down."""
        return ()

    def start(self, number: str) -> None:
        """Put the event on the bus."""
        order, customer = self.text(number), self.customer
        self.stack.shop.stock(f"P-{order}", PIECES)
        self._events[number] = self.stack.shop.submit(
            order_detail(
                f"{customer.user}-{order}",
                f"P-{order}",
                quantity=customer.quantity,
                price=customer.price,
                orderId=order,
            )
        )

    def drive(self, number: str) -> None:
        """Wait until its executions have ended."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            executions = self._executions(number)
            if executions and not any(status in RUNNING for status in executions.values()):
                return
            time.sleep(POLL_SECONDS)

    def outcome(self, number: str) -> str:
        """The present state of the order."""
        order = self.stack.shop.order(self.text(number))
        return str(order["status"]["S"]) if order else "none"

    def broken(self, number: str) -> list[str]:
        """Return the checks that fail, or do not pass yet."""
        executions = self._executions(number)
        if not executions or any(status in RUNNING for status in executions.values()):
            return [f"its executions have not ended: {executions}"]
        order = self.stack.shop.order(self.text(number))
        if order is None:
            return ["there is no order"]
        status = order["status"]["S"]
        if status not in ENDS:
            return [f"it stays {status}"]
        steps = [step for step in timeline(order) if step in ENDS]
        found = [] if steps == [status] else [f"its timeline has the ends {steps}"]
        return [*found, *self._broken_balance(number, status), *self._broken_files(executions)]

    def _broken_balance(self, number: str, status: str) -> list[str]:
        order, shop = self.text(number), self.stack.shop
        kept = status == "CONFIRMED"
        payment, reservation = shop.payment(order), self._reservation(order)
        left = PIECES - (self.customer.quantity if kept else 0)
        found = []
        if (payment == "CHARGED") != kept:
            found.append(f"it is {status}, and its payment {payment}")
        if (reservation == "COMMITTED") != kept or reservation == "RESERVED":
            found.append(f"it is {status}, and its reservation {reservation}")
        if (available := shop.available(f"P-{order}")) != left:
            found.append(f"{available} pieces are left, and not {left}")
        return found

    def _broken_files(self, executions: dict[str, str]) -> list[str]:
        failed = [name for name, status in executions.items() if status not in ("SUCCEEDED", *RUNNING)]
        return [
            f"its failed execution {name} has no error.json"
            for name in failed
            if self.stack.client.object(f"logs/{name}/error.json") is None
        ]

    def _reservation(self, order: str) -> str | None:
        item: dict[str, Any] | None = self.stack.client.dynamodb.get_item(
            TableName=self.stack.client.outputs["reservations_table_name"],
            Key={"orderId": {"S": order}},
            ConsistentRead=True,
        ).get("Item")
        return item["state"]["S"] if item else None

    def _executions(self, number: str) -> dict[str, str]:
        """Return those that EventBridge started for the event, and those that were started for the order later."""
        begins = (f"{self._events[number]}_", f"{self.text(number)}-")
        return {name: status for name, status in self.stack.orders_executions().items() if name.startswith(begins)}
