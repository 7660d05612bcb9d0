"""Reminders of a wait: when they are sent, and to which topic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import pulumi

MAX_REMINDERS = 10
"""More would only be noise."""

FIRST_SHARE = 6
"""By default, people are reminded after this share of the timeout: after 4 hours of a day."""

LAST_SHARE = 24
"""By default, the last reminder comes this share of the timeout before the end: an hour of a day."""

PATTERN = r"^(after|before) [1-9][0-9]{0,8}( arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)?$"
"""A reminder in the configuration, such as `before 3600`, or that and the ARN of a topic."""


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A reminder, sent once for each wait: N seconds after the wait begins, or N seconds before it ends.

    Attributes:
        after_seconds, before_seconds: one of the two.
        topic_arn: an SNS topic of the same region; None for the hold's own. A topic with a KMS key of yours has to let
            the sweeper's role use it.

    Raises:
        ValueError: neither or both of the times are given.
    """

    after_seconds: int | None = None
    before_seconds: int | None = None
    topic_arn: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        if (self.after_seconds is None) == (self.before_seconds is None):
            raise ValueError("a Reminder has after_seconds or before_seconds: give one of them")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text that matches `PATTERN`."""
        when, seconds, *topic = re.split(" ", text)
        arn = topic[0] if topic else None
        if when == "after":
            return cls(after_seconds=int(seconds), topic_arn=arn)
        return cls(before_seconds=int(seconds), topic_arn=arn)

    def seconds_of(self, timeout: int) -> int:
        """Return when it is due, in seconds after the begin of a wait of that timeout."""
        return self.after_seconds if self.after_seconds is not None else timeout - (self.before_seconds or 0)

    def as_json(self, own_topic_arn: pulumi.Input[str]) -> dict[str, Any]:
        """Return what the sweeper's function reads."""
        topic = own_topic_arn if self.topic_arn is None else self.topic_arn
        return {"after": self.after_seconds, "before": self.before_seconds, "topic": topic}


def by_default(after_seconds: int, timeout: int) -> Sequence[Reminder]:
    """Return the first reminder, after that time or else a share of the timeout, and a last one before the end."""
    first = Reminder(after_seconds=after_seconds or max(1, timeout // FIRST_SHARE))
    last = Reminder(before_seconds=max(1, timeout // LAST_SHARE))
    return [first, last] if last.seconds_of(timeout) > first.seconds_of(timeout) else [first]
