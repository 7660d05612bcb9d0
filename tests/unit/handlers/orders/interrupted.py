"""DynamoDB client with calls that can fail before they are executed, or after, when the answer is lost."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError


class CrashError(BaseException):
    """The function ends here; no `except Exception` of the code under test catches it."""


class InterruptedClient:
    """Calls `interrupt(operation)` before and after every call."""

    def __init__(self, dynamodb: Any) -> None:
        self._client = dynamodb
        self.interrupt: Callable[[str], None] = lambda _operation: None

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self._client, operation)

        def interrupted(**arguments: Any) -> Any:
            self.interrupt(operation)
            try:
                return call(**arguments)
            finally:
                self.interrupt(operation)

        return interrupted


def conflict(operation: str, writes: int = 1) -> ClientError:
    """Return AWS's error for a transaction conflict or throttling."""
    if operation != "transact_write_items":
        return ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, operation)
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": ""},
        "CancellationReasons": [{"Code": "TransactionConflict"}] * writes,
    }
    return ClientError(response, operation)
