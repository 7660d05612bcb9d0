"""Fields of settings that give a call its timeout and retries, within the limits of the Amazon States Language.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
"""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from asl.states import MAX_RETRY_DELAY_SECONDS
from components.setting_types import Integer, as_scalar

MAX_BACKOFF_RATE = 10
"""Step Functions takes any rate from 1. With 10, the third interval is the longest one already."""


def _without_zero_fraction(rate: float) -> float:
    """Write 2.0 as 2, so that the text of a definition does not change."""
    return int(rate) if rate.is_integer() else rate


RetryInterval = Annotated[Integer, Field(ge=1, le=MAX_RETRY_DELAY_SECONDS - 1)]
"""In seconds. `MaxDelaySeconds` has to be longer."""

BackoffRate = Annotated[
    float, BeforeValidator(as_scalar), Field(ge=1, le=MAX_BACKOFF_RATE), AfterValidator(_without_zero_fraction)
]
"""`BackoffRate` has to be 1 or more."""
