"""The scheduled function that gives back the stock of expired reservations."""

import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.orders.reservations_table import reservations
from handlers.orders.stock import stock
from handlers.telemetry import count, logged, logger, measured
from handlers.timed_batch import work_through
from handlers.timestamps import timestamp

RESERVE_MILLISECONDS = 5_000
"""Time that the function reserves to finish a reservation, with its pauses, and to report."""


class ExpireError(Exception):
    """Some reservations could not be given back. The function fails, so that its alarm goes off."""


@logged
@measured
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Give back every expired reservation, once.

    Raises:
        ExpireError: names the orders for which it failed, after all others had their turn.
    """
    now = timestamp(datetime.now(UTC))
    batch = work_through(
        reservations().lapsed(os.environ["HELD_INDEX"], now),
        lambda order_id: stock().expire(order_id, now=now),
        name=str,
        is_time_over=lambda: context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS,
        describe=repr,
    )
    count("ReservationsExpired", len(batch.done))
    logger().info("Expired", expired=batch.done, failed=batch.failed, isComplete=batch.is_complete)
    if batch.failed:
        raise ExpireError(f"The stock of these orders could not be given back: {', '.join(batch.failed)}")
    return {"expired": len(batch.done), "isComplete": batch.is_complete}
