"""DynamoDB transactions, and the reasons why one was cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws import client, error_code, transient_failures

Write = dict[str, Any]
"""One entry of TransactItems, such as `{"Update": {...}}`."""

_IN_THE_WAY = frozenset({"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"})
"""Transient reasons.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html"""

_FAILED = "ConditionalCheckFailed"
_FINE = "None"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """The result of one write: its condition failed on `item` (None without one), or another transaction conflicted.

    Neither is set if this write alone would have succeeded.
    """

    failed: bool = False
    in_the_way: bool = False
    item: dict[str, Any] | None = None


class CancelledError(Exception):
    """The transaction wrote nothing; there is one reason for each write."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__("the transaction was cancelled")
        self.reasons = reasons


class Transactions:
    """Writes to any tables."""

    def __init__(self, dynamodb: Any) -> None:
        self._client = dynamodb

    def write(self, writes: Sequence[Write]) -> None:
        """Write all or nothing.

        Raises:
            CancelledError: nothing was written, because of a condition or a conflicting write.
            TransientError: DynamoDB throttles or is out of reach; the writes may have happened.
        """
        try:
            with transient_failures():
                self._client.transact_write_items(TransactItems=list(writes))
        except ClientError as error:
            told: Any = error.response.get("CancellationReasons", [])
            codes = {reason["Code"] for reason in told}
            if error_code(error) != "TransactionCanceledException" or codes - {_FAILED, _FINE} - _IN_THE_WAY:
                raise
            raise CancelledError(
                [
                    Reason(
                        failed=reason["Code"] == _FAILED,
                        in_the_way=reason["Code"] in _IN_THE_WAY,
                        item=reason.get("Item"),
                    )
                    for reason in told
                ]
            ) from None


@cache
def transactions() -> Transactions:
    """Transactions in the function's account and region."""
    return Transactions(client("dynamodb"))
