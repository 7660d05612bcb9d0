"""The scheduled function that gives back the stock of reservations past their time."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.orders.reservations_table import reservations
from handlers.orders.stock import stock
from handlers.telemetry import count, logged, logger, measured
from handlers.timestamps import timestamp

RESERVE_MILLISECONDS = 5_000
"""What is kept of the function's time for the reservation at hand, with its pauses, and for the report."""


class ExpireError(Exception):
    """Some reservations could not be given back; the function fails, so that its alarm sees it."""


@dataclass(kw_only=True)
class Expiry:
    """The orders whose pieces went back, those for which that failed and why, and whether none was left."""

    expired: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    is_complete: bool = True


@logged
@measured
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Go once through everything that is past its time.

    Raises:
        ExpireError: names the orders for which it failed, after all others had their turn.
    """
    now = timestamp(datetime.now(UTC))
    done = expire(
        reservations().lapsed(os.environ["HELD_INDEX"], now),
        lambda order_id: stock().expire(order_id, now=now),
        is_time_over=lambda: context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS,
    )
    count("ReservationsExpired", len(done.expired))
    logger().info("Expired", expired=done.expired, failed=done.failed, isComplete=done.is_complete)
    if done.failed:
        raise ExpireError(f"The stock of these orders could not be given back: {', '.join(done.failed)}")
    return {"expired": len(done.expired), "isComplete": done.is_complete}


def expire(orders: Iterable[str], give_back: Callable[[str], bool], *, is_time_over: Callable[[], bool]) -> Expiry:
    """Give back one after the other; one's failure does not stop the others.

    Args:
        orders: whose reservations are past their time.
        give_back: does it; False where there is nothing (any more) to give back.
        is_time_over: whether to leave the rest to the next time.
    """
    done = Expiry()
    for order_id in orders:
        if is_time_over():
            done.is_complete = False
            break
        try:
            if give_back(order_id):
                done.expired.append(order_id)
        except Exception as error:
            done.failed[order_id] = f"{type(error).__name__}: {error}"
    return done
