"""Concurrent orders for more pieces than there are, over HTTP, against the sandbox."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config

from handlers.orders.errors import InsufficientStockError
from handlers.orders.inventory_table import Inventory
from handlers.orders.reservations_table import Reservation, Reservations
from handlers.orders.stock import Stock
from handlers.orders.transactions import Transactions
from sandbox.server import Server
from tests.unit.handlers.orders.conftest import INVENTORY, RESERVATIONS, make_tables, stock_up

CALLERS = 32
NOW, LATER = "2025-06-03T04:20:00.000Z", "2025-06-03T04:50:00.000Z"


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with Server() as server:
        dynamodb = boto3.client(
            "dynamodb", endpoint_url=server.endpoint_url, config=Config(max_pool_connections=CALLERS)
        )
        make_tables(dynamodb)
        yield dynamodb


@pytest.fixture
def shelf(dynamodb: Any) -> Stock:
    return Stock(
        reservations=Reservations(dynamodb, RESERVATIONS),
        inventory=Inventory(INVENTORY),
        transactions=Transactions(dynamodb),
        pause=lambda _seconds: None,
    )


@pytest.mark.parametrize(("orders", "pieces"), [(40, 10), pytest.param(200, 50, marks=pytest.mark.soak)])
def test_concurrent_orders_sell_exactly_the_stock(dynamodb: Any, shelf: Stock, orders: int, pieces: int) -> None:
    stock_up(dynamodb, "PROD001", pieces)

    def reserve(number: int) -> str | None:
        order_id = f"o-{number % orders}"
        new = Reservation(
            order_id=order_id,
            state="RESERVED",
            quantities={"PROD001": 1, "PROD003": 1} if number % 2 == 0 else {"PROD001": 1},
            reservation_id=f"res-{number}",
            expires_at=LATER,
        )
        try:
            return shelf.reserve(new, now=NOW).reservation_id
        except InsufficientStockError:
            return None

    # Every order comes twice, the second time while others still come for the first.
    numbers = [*range(orders // 2), *range(orders, orders + orders // 2), *range(orders // 2, orders)]
    numbers += range(orders + orders // 2, 2 * orders)
    given = dict(zip(numbers, at_once(reserve, numbers), strict=True))
    holders = {number % orders for number, reservation_id in given.items() if reservation_id}
    assert len(holders) == pieces
    assert len({reservation_id for reservation_id in given.values() if reservation_id}) == pieces
    assert _on_shelf(dynamodb, "PROD001") == 0
    assert _on_shelf(dynamodb, "PROD003") == 100 - sum(number % 2 == 0 for number in holders)

    # All are given back, each by two callers at once.
    at_once(lambda number: shelf.release(f"o-{number % orders}", now=NOW), numbers)
    assert _on_shelf(dynamodb, "PROD001") == pieces
    assert _on_shelf(dynamodb, "PROD003") == 100


def at_once(call: Callable[[int], Any], numbers: list[int]) -> list[Any]:
    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(call, numbers))


def _on_shelf(dynamodb: Any, product: str) -> int:
    item = dynamodb.get_item(TableName=INVENTORY, Key={"productId": {"S": product}}, ConsistentRead=True)["Item"]
    return int(item["available"]["N"])
