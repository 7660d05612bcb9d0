"""Conditional writes to DynamoDB, which return the existing item if the condition fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws import error_code, transient_failures


class ConditionFailedError(Exception):
    """The condition does not hold. `item` is the existing item, or None, if the call asked for ALL_OLD."""

    def __init__(self, item: dict[str, Any] | None) -> None:
        super().__init__("the condition does not hold")
        self.item = item


@contextmanager
def conditional_write() -> Iterator[None]:
    """Raise `ConditionFailedError` for a failed condition, and `TransientError` for transient failures."""
    try:
        with transient_failures():
            yield
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        item: Any = error.response.get("Item")  # Beside the error, so botocore's type lacks it.
        raise ConditionFailedError(item) from None
