"""Hostile orders from somebody who may put events on the bus, and the id that each must get."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.surrogates import without_escaped
from tests.campaigns.hostile.texts import text_of_any_kind
from tests.campaigns.hostile.values import DEPTHS, NUMBER_TEXTS, changed, nested, no_text, spliced, value

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

FORGED_SOURCES = ("aws.states", "aws.s3", "microservices.orders\n", "MICROSERVICES.ORDERS", "*")


@dataclass(frozen=True)
class Order:
    """The JSON of an order's detail.

    Attributes:
        text: as sent.
        is_deep: whether some part may refuse to read that deep.
        is_good: whether it has to be confirmed.
    """

    text: str
    is_deep: bool = False
    is_good: bool = False

    @property
    def named(self) -> str | None:
        """The id that the order gives itself, if it is allowed."""
        try:
            detail = json.loads(without_escaped(self.text))
        except (ValueError, RecursionError):
            return None
        named = detail.get("orderId") if isinstance(detail, dict) else None
        return named if isinstance(named, str) and _ID.fullmatch(named) else None


def order(rng: random.Random, product: str) -> Order:
    """Return an order with a hostile change, or one that is hostile as a whole."""
    order_id = f"hostile-{rng.randrange(10**12)}"
    line: dict[str, Any] = {"productId": product, "quantity": rng.randrange(1, 4), "price": 9.99}
    good = {"orderId": order_id, "userId": f"high-credit-{order_id}", "orderData": {"items": [line]}}
    depth = rng.choice(DEPTHS)

    def with_line(**changes: Any) -> str:
        return json.dumps({**good, "orderData": {"items": [line, {**line, **changes}]}})

    field = rng.choice(("productId", "quantity", "price"))
    choices: list[Callable[[], Order]] = [
        lambda: Order(json.dumps({**good, f"x{text_of_any_kind(rng)}": value(rng)}), is_good=True),
        lambda: Order(json.dumps(changed(rng, good))),
        lambda: Order(json.dumps(changed(rng, good))),
        lambda: Order(json.dumps({**good, "orderId": rng.choice((text_of_any_kind(rng), no_text(rng)))})),
        lambda: Order(json.dumps({**good, "userId": rng.choice((text_of_any_kind(rng), "x" * 100_000, no_text(rng)))})),
        lambda: Order(with_line(productId=text_of_any_kind(rng))),
        lambda: Order(with_line(**{field: value(rng)})),
        lambda: Order(with_line(quantity=rng.choice((0, -1, 1.5, 1_001, 10**30, True, "1")))),
        lambda: Order(with_line(price=rng.choice((0, -5, 1e-300, 1_000_001, 10**30, True, "1", 0.005)))),
        lambda: Order(spliced({**good, field: "@"}, "@", rng.choice(NUMBER_TEXTS).encode()).decode()),
        lambda: Order(spliced(json.loads(with_line(**{field: "@"})), "@", rng.choice(NUMBER_TEXTS).encode()).decode()),
        lambda: Order(json.dumps({**good, "orderData": {"items": [line] * rng.choice((0, 50, 51, 1_000))}})),
        lambda: Order(json.dumps(good)[: rng.randrange(1, 40)]),
        lambda: Order(json.dumps(good)[:-1] + f', "userId": {json.dumps(text_of_any_kind(rng))}}}'),
        lambda: Order(spliced({**good, "orderData": "@"}, "@", nested(rng, depth)).decode(), is_deep=depth > 100),
        lambda: Order(spliced({**good, "more": "@"}, "@", nested(rng, depth)).decode(), is_deep=depth > 100),
    ]
    return rng.choice(choices)()
