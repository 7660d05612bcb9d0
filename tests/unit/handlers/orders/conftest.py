"""Fixtures for the services: an emulated AWS with their tables and the catalogue."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws

from handlers.aws import client
from handlers.orders import inventory_table, orders_table, payments_table, reservations_table, stock, transactions
from handlers.orders.attributes import from_item

ORDERS, PAYMENTS, INVENTORY, RESERVATIONS, HELD = "orders", "payments", "inventory", "reservations", "held"
CATALOGUE = {"PROD001": 50, "PROD002": 25, "PROD003": 100, "PROD004": 10, "PROD005": 0}
INDEXES = {RESERVATIONS: (HELD, "expiresAt"), ORDERS: ("open", "updatedAt")}
"""Hash and range key of a table's index, which is called after the first."""
KEYS = {ORDERS: "orderId", PAYMENTS: "orderId", INVENTORY: "productId", RESERVATIONS: "orderId"}


@pytest.fixture(autouse=True)
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the environment of the services, without stores of other tests."""
    values = {
        "ORDERS_TABLE": ORDERS,
        "PAYMENTS_TABLE": PAYMENTS,
        "INVENTORY_TABLE": INVENTORY,
        "RESERVATIONS_TABLE": RESERVATIONS,
        "HELD_INDEX": HELD,
        "RESERVATION_SECONDS": "1800",
        "PAYMENT_FAILURE_RATE": "0",
        "INVENTORY_FAILURE_RATE": "0",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    caches: list[Callable[[], None]] = [
        orders_table.orders.cache_clear,
        payments_table.payments.cache_clear,
        inventory_table.inventory.cache_clear,
        reservations_table.reservations.cache_clear,
        transactions.transactions.cache_clear,
        stock.stock.cache_clear,
    ]
    for clear in caches:
        clear()
    yield
    for clear in caches:
        clear()


@pytest.fixture
def shop() -> Iterator[None]:
    """Create an AWS with empty tables and the catalogue."""
    with mock_aws():
        make_tables(client("dynamodb"))
        yield


def make_tables(dynamodb: Any) -> None:
    """Create the four tables, and add the catalogue."""
    for table, key in KEYS.items():
        indexed = INDEXES.get(table, ())
        index = {
            "IndexName": next(iter(indexed), ""),
            "KeySchema": [
                {"AttributeName": name, "KeyType": kind} for name, kind in zip(indexed, ("HASH", "RANGE"), strict=False)
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
        dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in (key, *indexed)],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            **({"GlobalSecondaryIndexes": [index]} if indexed else {}),
        )
    for product, pieces in CATALOGUE.items():
        stock_up(dynamodb, product, pieces)


def stock_up(dynamodb: Any, product: str, pieces: int) -> None:
    """Set the available pieces of a product."""
    item = {"productId": {"S": product}, "name": {"S": product.title()}, "available": {"N": str(pieces)}}
    dynamodb.put_item(TableName=INVENTORY, Item=item)


def stored(table: str, key: str) -> dict[str, Any]:
    """Return a record of a table."""
    item = client("dynamodb").get_item(TableName=table, Key={KEYS[table]: {"S": key}}, ConsistentRead=True)["Item"]
    return from_item(item)


def available(product: str) -> int:
    """Return the available pieces of a product."""
    return int(stored(INVENTORY, product)["available"])
