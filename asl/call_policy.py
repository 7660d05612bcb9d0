"""Timeout and retries of a call that a configuration can change."""

from collections.abc import Sequence
from dataclasses import dataclass

from asl.states import BACKOFF_RATE, MAX_RETRY_DELAY_SECONDS, State, retry


@dataclass(frozen=True, kw_only=True)
class CallPolicy:
    """The timeout of one call, and its retries.

    Attributes:
        timeout_seconds: of one call.
        max_attempts: of retries after the first call, as Step Functions counts them.
        retry_interval_seconds: before the first retry, less than `MAX_RETRY_DELAY_SECONDS`.
        backoff_rate: factor of each further interval, 1 or more; no interval exceeds `MAX_RETRY_DELAY_SECONDS`.
    """

    timeout_seconds: int
    max_attempts: int
    retry_interval_seconds: int
    backoff_rate: float = BACKOFF_RATE

    def retries(self, errors: Sequence[str]) -> list[State]:
        """Build the retriers of the call, for these errors."""
        return [
            retry(
                errors,
                interval_seconds=self.retry_interval_seconds,
                max_attempts=self.max_attempts,
                backoff_rate=self.backoff_rate,
            )
        ]

    @property
    def longest_seconds(self) -> float:
        """Return the longest time of the call: every attempt times out, after the longest interval of the jitter."""
        seconds, wait = float(self.timeout_seconds), float(self.retry_interval_seconds)
        for _ in range(self.max_attempts):
            seconds += wait + self.timeout_seconds
            wait = min(self.backoff_rate * wait, MAX_RETRY_DELAY_SECONDS)
        return seconds
