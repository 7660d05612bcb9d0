"""The user service: the customer and their credit score.

It has no user store: every userId is a user, with a credit score that follows from the id. With
`demoFailures`, some are special: `unknown-*` does not exist, `inactive-*` may not order, `low-credit-*` scores 600,
`high-credit-*` 850, and for `user-down-*` the service fails.
"""

import re
from hashlib import sha256
from typing import Any

from handlers.demo_failures import demo_failures
from handlers.orders.answering import answering
from handlers.orders.errors import ServiceUnavailableError, UserInactiveError, UserNotFoundError
from handlers.orders.fields import Identifier, Payload
from handlers.payloads import validated

LOWEST_SCORE, HIGHEST_SCORE = 600, 850


class UserRequest(Payload):
    """A request for a customer."""

    user_id: Identifier


@answering
def handler(event: dict[str, Any]) -> dict[str, Any]:
    """Answer `{"userId": ...}`."""
    return look_up(validated(UserRequest, event).user_id, on_demand=demo_failures())


def look_up(user_id: str, *, on_demand: bool) -> dict[str, Any]:
    """Return the customer: userId, email, status and creditScore. `on_demand` makes some userIds special.

    Raises:
        UserNotFoundError, UserInactiveError: the customer may not order.
        ServiceUnavailableError: the userId requests it.
    """
    if on_demand:
        _fail_as_asked(user_id)
    mailbox = re.sub(r"[^A-Za-z0-9._-]", "-", user_id)
    return {
        "userId": user_id,
        "email": f"{mailbox}@example.com",
        "status": "ACTIVE",
        "creditScore": _credit_score(user_id, on_demand=on_demand),
    }


def _fail_as_asked(user_id: str) -> None:
    if user_id.startswith("user-down-"):
        raise ServiceUnavailableError("The user service is down")
    if user_id.startswith("unknown-"):
        raise UserNotFoundError(f"There is no user {user_id}")
    if user_id.startswith("inactive-"):
        raise UserInactiveError(f"The account of user {user_id} is inactive; it takes no orders")


def _credit_score(user_id: str, *, on_demand: bool) -> int:
    if on_demand and user_id.startswith("low-credit-"):
        return LOWEST_SCORE
    if on_demand and user_id.startswith("high-credit-"):
        return HIGHEST_SCORE
    spread = HIGHEST_SCORE - LOWEST_SCORE + 1
    return LOWEST_SCORE + int.from_bytes(sha256(user_id.encode()).digest()) % spread
