"""The scheduled function that starts the workflow again for orders that were left without an end.

An execution that was killed, or whose refund or release was down past its retries, leaves its order open, perhaps with
money and stock taken. What the workflow does it does once per order, so another execution finishes it.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.orders.attributes import as_json
from handlers.orders.orders_table import orders
from handlers.orders.workflow import workflow
from handlers.telemetry import count, logged, logger, measured
from handlers.timestamps import timestamp

RESERVE_MILLISECONDS = 5_000
"""What is kept of the function's time for the order at hand and the report."""


class FinishError(Exception):
    """For some orders the workflow could not be started; the function fails, so that its alarm sees it."""


@dataclass(kw_only=True)
class Started:
    """The orders for which the workflow was started, those for which that failed and why, and whether none was left."""

    started: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    is_complete: bool = True


@logged
@measured
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Go once through the orders that are open for longer than an execution lives.

    Raises:
        FinishError: names the orders for which it failed, after all others had their turn.
    """
    now = datetime.now(UTC)
    left_since = now - timedelta(seconds=float(os.environ["LEFT_AFTER_SECONDS"]))

    def start(order_id: str) -> bool:
        record = orders().read(order_id)
        if record is None or "open" not in record:
            return False
        # The same turn of the clock, delivered twice, starts nothing twice.
        name = f"{order_id}-{now:%Y%m%d%H%M}"
        workflow().start(name, asked_for(record))
        return True

    done = finish(
        orders().left_open(os.environ["OPEN_INDEX"], timestamp(left_since)),
        start,
        is_time_over=lambda: context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS,
    )
    count("OrdersStartedAgain", len(done.started))
    logger().info("Started again", started=done.started, failed=done.failed, isComplete=done.is_complete)
    if done.failed:
        raise FinishError(f"The workflow could not be started for these orders: {', '.join(done.failed)}")
    return {"started": len(done.started), "isComplete": done.is_complete}


def finish(order_ids: Iterable[str], start: Callable[[str], bool], *, is_time_over: Callable[[], bool]) -> Started:
    """Start the workflow for one after the other; one's failure does not stop the others.

    Args:
        order_ids: those that seem to be left behind.
        start: does it; False for an order that has its end meanwhile.
        is_time_over: whether to leave the rest to the next time.
    """
    done = Started()
    for order_id in order_ids:
        if is_time_over():
            done.is_complete = False
            break
        try:
            if start(order_id):
                done.started.append(order_id)
        except Exception as error:
            done.failed[order_id] = f"{type(error).__name__}: {error}"
    return done


def asked_for(record: dict[str, Any]) -> dict[str, Any]:
    """The order as it was asked for; one that was closed before it was priced has no items."""
    order = {"orderId": record["orderId"], "userId": record.get("userId", "")}
    return {**order, "orderData": {"items": as_json(record["items"])}} if "items" in record else order
