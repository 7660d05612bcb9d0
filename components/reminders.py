"""Reminders of a wait: their times and topics."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import pulumi

MAX_REMINDERS = 10
"""More reminders would only be noise."""

FIRST_SHARE = 6
"""Share of the timeout after which the default first reminder comes: after 4 hours of a day."""

LAST_SHARE = 24
"""Share of the timeout before its end when the default last reminder comes: an hour of a day."""

PATTERN = r"^(after|before) [1-9][0-9]{0,8}( arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)?$"
"""A reminder in the configuration, such as `before 3600`, or that and the ARN of a topic."""


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A reminder, sent once for each wait: N seconds after the wait begins, or N seconds before it ends.

    Attributes:
        after_seconds, before_seconds: one of the two.
        topic_arn: an SNS topic of the same region; None for the hold's own. If the topic has a KMS key, the key's
            policy must allow the sweeper's role.

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
        """Return when it is due, in seconds after the begin of a wait with that timeout."""
        return self.after_seconds if self.after_seconds is not None else timeout - (self.before_seconds or 0)

    def as_json(self, own_topic_arn: pulumi.Input[str]) -> dict[str, Any]:
        """Return the JSON value that the sweeper's function reads."""
        topic = own_topic_arn if self.topic_arn is None else self.topic_arn
        return {"after": self.after_seconds, "before": self.before_seconds, "topic": topic}


def by_default(after_seconds: int, timeout: int) -> Sequence[Reminder]:
    """Return the default reminders: one after that time, or else a share of the timeout, and one before the end."""
    first = Reminder(after_seconds=after_seconds or max(1, timeout // FIRST_SHARE))
    last = Reminder(before_seconds=max(1, timeout // LAST_SHARE))
    return [first, last] if last.seconds_of(timeout) > first.seconds_of(timeout) else [first]
