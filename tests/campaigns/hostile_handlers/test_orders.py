"""Hostile orders at each of the five services: answered, or refused by name, and no other order is touched."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from handlers.orders import inventory, notification, order, payment, user
from handlers.orders.errors import OrderError, ServiceUnavailableError
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.log_lines import check_line, check_text
from tests.campaigns.hostile.values import changed
from tests.unit.handlers.conftest import Context
from tests.unit.handlers.orders.conftest import KEYS, PAYMENTS, RESERVATIONS, services, shop

__all__ = ["services", "shop"]

SHORT, LONG = 4, 260
MINE, OTHERS = "order-mine", "order-of-another"

CUSTOMER = {"userId": "high-credit-1", "email": "a@example.com", "status": "ACTIVE", "creditScore": 850}
LINE = {"productId": "PROD001", "quantity": 2, "price": 9.99}
ORDER = {"orderId": MINE, "userId": "high-credit-1", "total": 21.58, "items": [LINE]}
PAID = {"status": "REFUNDED", "amount": 21.58}

CALLS: Mapping[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "user": (user.handler, {"userId": "high-credit-1"}),
    "order": (order.handler, {"orderId": MINE, "orderData": {"items": [LINE]}, "userData": CUSTOMER}),
    "charge": (payment.handler, {"action": "charge", "orderId": MINE, "orderData": ORDER, "userData": CUSTOMER}),
    "refund": (payment.handler, {"action": "refund", "orderId": MINE}),
    "reserve": (inventory.handler, {"action": "reserve", "orderId": MINE, "orderData": ORDER, "userData": CUSTOMER}),
    "commit": (inventory.handler, {"action": "commit", "orderId": MINE}),
    "release": (inventory.handler, {"action": "release", "orderId": MINE}),
    "notification": (
        notification.handler,
        {
            "orderId": MINE,
            "status": "REJECTED",
            "reason": "why",
            "userData": CUSTOMER,
            "orderData": ORDER,
            "payment": PAID,
        },
    ),
}
WRITES_NOTHING = {"user", "notification"}

Items = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Shop:
    """The tables, with another customer's order that is paid and reserved."""

    capsys: pytest.CaptureFixture[str]
    dynamodb: Any

    def open(self) -> None:
        """Let another customer order."""
        for step in ("order", "charge", "reserve", "commit"):
            handler, payload = CALLS[step]
            handler({**payload, "orderId": OTHERS}, Context())
        self.capsys.readouterr()

    def items(self) -> Items:
        """Return every item of every table."""
        return {
            (table, item[key]["S"]): item
            for table, key in KEYS.items()
            for item in self.dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]
        }

    def check(self, case: tuple[str, Any]) -> None:
        """Call a service, and check its answer, its log and the tables."""
        step, payload = case
        before = self.items()
        try:
            told = json.dumps(CALLS[step][0](payload, Context()))
        except (OrderError, ServiceUnavailableError) as refusal:
            told = str(refusal)
        check_text(told, ())
        assert len(told) < 20_000
        written = self.capsys.readouterr()
        assert written.err == ""
        for line in written.out.split("\n")[:-1]:
            check_line(line, ())
        after = self.items()
        touched = {key for key in before | after if before.get(key) != after.get(key)}
        named = payload.get("orderId") if isinstance(payload, dict) else None
        for table, key in touched:
            assert step not in WRITES_NOTHING
            if key == "PROD001":
                assert after[(RESERVATIONS, str(named))] != before.get((RESERVATIONS, str(named)))
            else:
                assert key == named or (step == "order" and key.startswith("ord-")), f"touched {table}/{key}"
        self._tidy(after)

    def _tidy(self, items: Items) -> None:
        """Undo the case, including the stock that it took; the other customer's order stays."""
        for table, key in items:
            if key != OTHERS and table != "inventory":
                self.dynamodb.delete_item(TableName=table, Key={KEYS[table]: {"S": key}})
        self.dynamodb.update_item(
            TableName="inventory",
            Key={"productId": {"S": "PROD001"}},
            UpdateExpression="SET available = :n",
            ExpressionAttributeValues={":n": {"N": "48"}},
        )


@pytest.mark.parametrize("step", CALLS)
def test_hostile_order_changes_no_other_order(
    step: str,
    shop: None,  # noqa: ARG001 - the tables are there first
    seed: int,
    at_length: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tables = Shop(capsys, boto3.client("dynamodb"))
    tables.open()

    def make(rng: random.Random) -> tuple[str, Any]:
        return step, changed(rng, CALLS[step][1])

    Campaign(f"orders at the service: {step}", seed, LONG if at_length else SHORT, make, tables.check).run()
    assert (PAYMENTS, OTHERS) in tables.items()
