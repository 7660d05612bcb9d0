"""The cost of an execution at list price, from the calls in its history."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handlers.execution_history import HistoryEvent
from ops.history.states import calls, transitions

PRICES = Path(__file__).with_name("prices-us-east-1.json")

LEAVES_OUT = "Without functions, APIs, secrets, traces and logs; docs/cost.md counts these as well."
"""A note on every price of one execution: its history does not show these costs."""

S3_READS = ("getObject", "headObject")
DYNAMODB_WRITES = ("putItem", "updateItem", "deleteItem")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One line of the bill, in US dollars."""

    item: str
    quantity: float
    usd: float

    def as_json(self) -> dict[str, str | float]:
        """Return the fields for the JSON output."""
        return {"item": self.item, "quantity": self.quantity, "usd": self.usd}


@cache
def prices() -> dict[str, float]:
    """Return the list prices of us-east-1 in US dollars a unit."""
    content = json.loads(PRICES.read_text(encoding="utf-8"))
    return {name: float(price) for name, price in content["prices"].items()}


def of_execution(events: Sequence[HistoryEvent]) -> list[Cost]:
    """Price an execution without free tier.

    This counts the transitions and the calls of the state machine itself, with items and objects at their smallest
    billed size. The called functions and APIs have their own bills.
    """
    return priced(counted(transitions(events), calls(events)))


def counted(entered: int, called: Iterable[tuple[str, str]]) -> Counter[str]:
    """Return the billed quantities of a state machine's transitions and calls."""
    counts: Counter[str] = Counter({"stepfunctions.standard.transition": entered})
    for service, operation in called:
        if service == "aws-sdk:s3":
            counts["s3.get" if operation in S3_READS else "s3.put_copy_post_list"] += 1
        elif service == "aws-sdk:dynamodb":
            unit = "write" if operation in DYNAMODB_WRITES else "read"
            counts[f"dynamodb.on_demand.{unit}_request_unit"] += 1
    return counts


def priced(quantities: Mapping[str, float]) -> list[Cost]:
    """Price the quantities above zero, in the order of their names."""
    return [
        Cost(item=item, quantity=quantity, usd=quantity * prices()[item])
        for item, quantity in sorted(quantities.items())
        if quantity
    ]


def total(costs: Sequence[Cost]) -> float:
    """Return the sum in US dollars."""
    return sum(cost.usd for cost in costs)
