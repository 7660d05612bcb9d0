"""Many orders by event, some of them twice, for less than there is in stock: each ends once, and nothing is lost."""

import random
from collections import Counter

from tests.campaigns.load.counting import items
from tests.e2e.client import Client, eventually
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail, timeline
from tests.proof import ledger

ORDERS, ORDERS_AT_LENGTH = 10, 1000
DUPLICATES = 0.05
IN_STOCK = 0.6
BATCH = 10
SEED = 20261122
PATIENCE_SECONDS, LOOK_SECONDS = 900, 2
PRICE = 10.0
FINAL = {"CONFIRMED", "REJECTED", "FAILED"}


def test_every_order_has_one_outcome(unthrottled: Client, at_length: bool) -> None:
    rng = random.Random(SEED)
    orders = [new_order_id() for _ in range(ORDERS_AT_LENGTH if at_length else ORDERS)]
    events = [*orders, *rng.sample(orders, max(1, int(len(orders) * DUPLICATES)))]
    rng.shuffle(events)
    shop = Shop(unthrottled)
    pieces = int(len(orders) * IN_STOCK)
    product = new_product(shop, pieces)
    details = [order_detail(f"user-{name}", product, price=PRICE, orderId=name) for name in events]
    for start in range(0, len(details), BATCH):
        shop.submit_all(details[start : start + BATCH])

    def outcomes() -> dict[str, str] | None:
        found = {item["orderId"]["S"]: item for item in items(unthrottled, "orders_table_name")}
        known = {name: found[name]["status"]["S"] for name in orders if name in found}
        return known if len(known) == len(orders) and set(known.values()) <= FINAL else None

    by_order = eventually(outcomes, f"the outcome of {len(orders)} orders", PATIENCE_SECONDS, LOOK_SECONDS)
    counts = Counter(by_order.values())
    assert counts == {"CONFIRMED": pieces, "REJECTED": len(orders) - pieces}
    assert shop.available(product) == 0
    payments, records = (
        [item for item in items(unthrottled, table) if item["orderId"]["S"] in by_order]
        for table in ("payments_table_name", "orders_table_name")
    )
    charged = Counter(item["state"]["S"] for item in payments)
    assert charged == {"CHARGED": pieces, "REFUNDED": len(orders) - pieces}
    doubled = sum(sum(state in FINAL for state in timeline(item)) != 1 for item in records)
    ledger.note("load", "orders", executions=len(orders), lost=len(orders) - len(by_order), doubled=doubled)
    assert doubled == 0
