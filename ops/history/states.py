"""The events of an execution, and what AWS charges for them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers.execution_history import ATTEMPTS, HistoryEvent


def read(client: Any, execution_arn: str) -> list[HistoryEvent]:
    """Read the whole history of an execution with a boto3 Step Functions client."""
    pages = client.get_paginator("get_execution_history").paginate(executionArn=execution_arn)
    return [event for page in pages for event in page["events"]]


def transitions(events: Sequence[HistoryEvent]) -> int:
    """Count the billed transitions: every state entered, and every retry.

    https://aws.amazon.com/step-functions/pricing/
    """
    kinds = [str(event["type"]) for event in events]
    entered = sum(kind.endswith("StateEntered") for kind in kinds)
    tasks = kinds.count("TaskStateEntered")
    tried = sum(kind in ATTEMPTS for kind in kinds)
    # A task whose arguments failed to evaluate was entered but never called.
    return entered + max(tried - tasks, 0)


def calls(events: Sequence[HistoryEvent]) -> Iterator[tuple[str, str]]:
    """Return every attempted call of a service as (service, operation), such as ("aws-sdk:s3", "putObject")."""
    for event in events:
        if event["type"] == "TaskScheduled":
            details = event["taskScheduledEventDetails"]
            yield details["resourceType"], details["resource"].removesuffix(".waitForTaskToken")


def duration(events: Sequence[HistoryEvent]) -> timedelta:
    """Return the time from the first event to the last."""
    first: datetime = events[0]["timestamp"]
    last: datetime = events[-1]["timestamp"]
    return last - first
