"""The scheduled function that starts the workflow again for orders that were left open.

An execution that was killed, or whose refund or release failed past its retries, leaves its order open, perhaps with
money and stock taken. Every step happens once per order, so another execution can finish it.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.orders.attributes import as_json
from handlers.orders.orders_table import orders
from handlers.orders.workflow import workflow
from handlers.telemetry import count, logged, logger, measured
from handlers.timed_batch import work_through
from handlers.timestamps import timestamp

RESERVE_MILLISECONDS = 5_000
"""Time that the function reserves to finish an order and to report."""


class FinishError(Exception):
    """The workflow could not be started for some orders. The function fails, so that its alarm goes off."""


@logged
@measured
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Restart the orders that are open for longer than an execution lives.

    Raises:
        FinishError: names the orders for which it failed, after all others had their turn.
    """
    now = datetime.now(UTC)
    left_since = now - timedelta(seconds=float(os.environ["LEFT_AFTER_SECONDS"]))
    approved_by = left_since - timedelta(seconds=float(os.environ["APPROVAL_SECONDS"]))

    def start(order_id: str) -> bool:
        record = orders().read(order_id)
        if record is None or "open" not in record:
            return False
        if record["updatedAt"] > timestamp(approved_by) and _may_wait(record):
            return False
        # A scheduled event that is delivered twice starts one execution: the name is the same.
        name = f"{order_id}-{now:%Y%m%d%H%M}"
        workflow().start(name, asked_for(record))
        return True

    batch = work_through(
        orders().left_open(os.environ["OPEN_INDEX"], timestamp(left_since)),
        start,
        name=str,
        is_time_over=lambda: context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS,
        describe=repr,
    )
    count("OrdersStartedAgain", len(batch.done))
    logger().info("Started again", started=batch.done, failed=batch.failed, isComplete=batch.is_complete)
    if batch.failed:
        raise FinishError(f"The workflow could not be started for these orders: {', '.join(batch.failed)}")
    return {"started": len(batch.done), "isComplete": batch.is_complete}


def _may_wait(record: dict[str, Any]) -> bool:
    """Return whether an execution may wait for people to approve the order."""
    above = float(os.environ["APPROVAL_ABOVE"])
    return above > 0 and record["status"] == "PENDING" and record["total"] > above


def asked_for(record: dict[str, Any]) -> dict[str, Any]:
    """Return the order as it was submitted. An order that was closed before it got a price has no items."""
    order = {"orderId": record["orderId"], "userId": record.get("userId", "")}
    return {**order, "orderData": {"items": as_json(record["items"])}} if "items" in record else order
