"""Calls of Step Functions that resume waiting tasks and read executions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from facts import CALLBACK_FAILURE
from handlers.aws import client, error_code, transient_failures
from handlers.story import Callback

MAX_CAUSE_BYTES = 32_768
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html"""

MAX_OUTPUT_BYTES = 262_144
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html"""

_REFUSED = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})

_HISTORY_PAGE = 1000
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html"""


class TokenRefusedError(Exception):
    """The token is used, expired or unknown: no task waits for it."""


@dataclass(frozen=True, kw_only=True)
class Execution:
    """An execution: its status as AWS names it, and the error it ended with, if any."""

    status: str
    error: str | None = None

    @property
    def is_over(self) -> bool:
        """Return whether it has ended. A redrive may restart it."""
        return self.status not in ("RUNNING", "PENDING_REDRIVE")


class Executions:
    """Executions. Every method raises `TransientError` if Step Functions throttles or is out of reach."""

    def __init__(self, step_functions: Any) -> None:
        self._client = step_functions

    def resume(self, token: str, callback: Callback) -> None:
        """Resume the task that waits with this token: the callback becomes its output or its failure.

        Raises:
            TokenRefusedError: no task waits with it. The callback may have arrived all the same, if the answer of an
                earlier attempt by botocore was lost.
        """
        try:
            with transient_failures():
                if callback.status == "success":
                    self._client.send_task_success(taskToken=token, output=_output(callback))
                else:
                    cause = _cut(callback.message, MAX_CAUSE_BYTES)
                    self._client.send_task_failure(taskToken=token, error=CALLBACK_FAILURE, cause=cause)
        except ClientError as error:
            if error_code(error) in _REFUSED:
                raise TokenRefusedError(error_code(error)) from None
            raise

    def describe(self, arn: str) -> Execution:
        """Return the status of an execution; DELETED if AWS no longer has it (90 days after its end)."""
        try:
            with transient_failures():
                found = self._client.describe_execution(executionArn=arn)
        except ClientError as error:
            if error_code(error) == "ExecutionDoesNotExist":
                return Execution(status="DELETED")
            raise
        return Execution(status=found["status"], error=found.get("error"))

    def ended(self, machine_arn: str, status: str, *, since: datetime, **filters: str) -> Iterator[dict[str, Any]]:
        """List the executions of a state machine that ended with that status since that time, latest first.

        `filters` are further filters of ListExecutions.

        ListExecutions sorts ended executions by `stopDate`, so the first one that is too old ends the list.
        https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
        """
        pages = self._client.get_paginator("list_executions").paginate(
            stateMachineArn=machine_arn, statusFilter=status, **filters
        )
        with transient_failures():
            for page in pages:
                for found in page["executions"]:
                    if found["stopDate"] < since:
                        return
                    yield found

    def history(self, arn: str) -> Iterator[dict[str, Any]]:
        """Yield the events of an execution, first to last, with their data. They hold task tokens: copy with care."""
        pages = self._client.get_paginator("get_execution_history").paginate(
            executionArn=arn, includeExecutionData=True, PaginationConfig={"PageSize": _HISTORY_PAGE}
        )
        with transient_failures():
            for page in pages:
                yield from page["events"]


def _output(callback: Callback) -> str:
    fields = callback.as_output()
    output = json.dumps(fields, ensure_ascii=False)
    excess = len(output.encode()) - MAX_OUTPUT_BYTES
    if excess <= 0:
        return output
    # Each byte of the message takes at least one byte of the output.
    message = _cut(callback.message, max(0, len(callback.message.encode()) - excess))
    return json.dumps({**fields, "message": message}, ensure_ascii=False)


def _cut(text: str, max_bytes: int) -> str:
    """Return the longest prefix of `text` that fits, without splitting a character."""
    return text.encode()[:max_bytes].decode(errors="ignore")


@cache
def executions() -> Executions:
    """Step Functions of the function's account and region."""
    return Executions(client("stepfunctions"))
