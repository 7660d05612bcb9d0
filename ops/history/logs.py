"""Reader of a stack's logs in the order of events, which can follow new ones."""

import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from ops.aws import functions
from ops.aws.errors import code
from ops.aws.target import Target
from ops.history import log_lines
from ops.history.executions import Execution
from ops.history.log_lines import Line

SANDBOX_SECONDS = 0.5
AWS_SECONDS = 3.0
"""Seconds between reads. Some regions allow five FilterLogEvents a second for an account.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"""

LATE = timedelta(seconds=30)
"""The longest delay of an event in CloudWatch with which a follower still shows it."""


def terms(execution: Execution, *names: Any) -> list[str]:
    """Return the search terms for log lines about an execution: its name, and its story or its order."""
    return [execution.name, *(name for name in names if isinstance(name, str) and name)]


def read(target: Target, sources: Sequence[str], since: datetime, words: Sequence[str]) -> list[Line]:
    """Return the log lines since a time that contain any of the words, or all lines without words; oldest first."""
    groups = {source: functions.log_group(target, source) for source in sources}
    return [line for _, line in _look(target, groups, since, words)]


def follow(target: Target, sources: Sequence[str], since: datetime, words: Sequence[str]) -> Iterator[Line]:
    """Yield existing log lines, then follow new ones."""
    groups = {source: functions.log_group(target, source) for source in sources}
    seen: set[str] = set()
    while True:
        for identity, line in _look(target, groups, since, words):
            if identity not in seen:
                seen.add(identity)
                yield line
        # Events may arrive late, so the next read covers the last seconds again.
        now = datetime.now(UTC)
        since = max(since, now - LATE)
        time.sleep(SANDBOX_SECONDS if target.is_sandbox else AWS_SECONDS)


def _look(target: Target, groups: dict[str, str], since: datetime, words: Sequence[str]) -> list[tuple[str, Line]]:
    pattern = " ".join(f'?"{word}"' for word in words) if len(words) > 1 else "".join(f'"{word}"' for word in words)
    found = [
        (f"{group}{event['logStreamName']}{event['eventId']}", _line(source, event))
        for source, group in groups.items()
        for event in _events(target, group, since, pattern)
    ]
    # CloudWatch also matches parts of words: PROJ-1 in PROJ-12.
    wanted = re.compile("|".join(rf"(?<![\w-]){re.escape(word)}(?![\w-])" for word in words))
    return sorted((each for each in found if wanted.search(each[1].raw)), key=lambda each: each[1].at)


def _events(target: Target, group: str, since: datetime, pattern: str) -> Iterator[dict[str, Any]]:
    pages = target.client("logs").get_paginator("filter_log_events")
    asked = {"logGroupName": group, "startTime": int(since.timestamp() * 1000)}
    try:
        for page in pages.paginate(**asked, **({"filterPattern": pattern} if pattern else {})):
            yield from page["events"]
    except ClientError as error:
        if code(error) != "ResourceNotFoundException":  # The log group has no stream yet.
            raise


def _line(source: str, event: dict[str, Any]) -> Line:
    return log_lines.read(source, datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["message"])
