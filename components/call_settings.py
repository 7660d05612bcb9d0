"""Fields of settings for the timeout and retries of a call, within the limits of the Amazon States Language.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
"""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from asl.states import MAX_RETRY_DELAY_SECONDS
from components.setting_types import Integer, as_scalar

MAX_BACKOFF_RATE = 10
"""Step Functions accepts any rate from 1. With 10, the third interval already reaches the maximum."""


def _without_zero_fraction(rate: float) -> float:
    """Return 2 for 2.0, so that the text of a definition does not change."""
    return int(rate) if rate.is_integer() else rate


RetryInterval = Annotated[Integer, Field(ge=1, le=MAX_RETRY_DELAY_SECONDS - 1)]
"""In seconds. `MaxDelaySeconds` has to be longer."""

BackoffRate = Annotated[
    float, BeforeValidator(as_scalar), Field(ge=1, le=MAX_BACKOFF_RATE), AfterValidator(_without_zero_fraction)
]
"""`BackoffRate` has to be 1 or more."""
