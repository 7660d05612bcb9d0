"""Failures on demand, for demonstrations and tests: chosen by ids and configuration, never at random.

They need the setting `demoFailures`: without it, nothing here fails.

A userId or an orderId that contains one of these words makes every attempt of that step fail with
`ServiceUnavailableError`: `payment-down`, `inventory-down` and `notification-down`, and for the steps that finish or
undo, `commit-down`, `refund-down` and `release-down`. So a test can choose whether the compensation succeeds.
"""

from hashlib import sha256
from typing import Literal

from handlers.demo_failures import demo_failures
from handlers.orders.errors import ServiceUnavailableError

Step = Literal["payment", "inventory", "notification", "commit", "refund", "release"]

_HASH_BYTES = 6
"""As many as a float between 0 and 1 can hold exactly."""


def fail_if_down(step: Step, order_id: str, user_id: str | None, rate: float = 0) -> None:
    """Fail if the id of the order or its customer requests it, and for the share `rate` (0 to 1) of all orders.

    Raises:
        ServiceUnavailableError: always for the same orders.
    """
    if not demo_failures():
        return
    word = f"{step}-down"
    if word in order_id or (user_id and word in user_id) or _share(step, order_id) < rate:
        raise ServiceUnavailableError(f"The {step} of order {order_id} fails: the service is down")


def _share(step: Step, order_id: str) -> float:
    """Map an order to a number between 0 and 1 (exclusive), evenly distributed."""
    digest = sha256(f"{step}:{order_id}".encode()).digest()
    return int.from_bytes(digest[:_HASH_BYTES]) / (1 << 8 * _HASH_BYTES)
