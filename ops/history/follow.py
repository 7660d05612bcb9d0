"""Polling of an execution until it ends, or until it waits for a person."""

from collections.abc import Iterator
from dataclasses import dataclass

from ops.aws.target import Target
from ops.history import executions, timeline
from ops.history import states as history
from ops.history.executions import Execution

SANDBOX_SECONDS = 0.2
AWS_SECONDS = 1.0
IDLE_SECONDS = 5.0
"""Seconds between reads of an idle execution, such as one that waits for a day. AWS allows about 20
GetExecutionHistory calls a second for an account.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

IDLE_AFTER = 20
"""Reads without a change after which an execution counts as idle."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One read of an execution. `next_look` is the seconds until the next read; 0 for the last one."""

    execution: Execution
    reading: timeline.Timeline
    next_look: float = 0.0


def snapshots(target: Target, execution: Execution, *, until_waiting: bool = False) -> Iterator[Snapshot]:
    """Read the execution until it has ended, or until it waits for a callback if that is enough.

    The caller sleeps between the snapshots, so that a display can keep moving.
    """
    looks_without_news, seen = 0, -1
    while True:
        found = look(target, execution)
        now, reading = found.execution, found.reading
        if now.is_over or (until_waiting and reading.waiting):
            yield found
            return
        looks_without_news = looks_without_news + 1 if len(reading.changes) == seen else 0
        seen = len(reading.changes)
        yield Snapshot(execution=now, reading=reading, next_look=_pause(target, looks_without_news))


def look(target: Target, execution: Execution) -> Snapshot:
    """Read an execution once."""
    # First the status, then the history: so an ended execution's history is whole.
    now = executions.describe(target, execution.arn) or execution
    return Snapshot(execution=now, reading=timeline.read(history.read(target.client("stepfunctions"), execution.arn)))


def _pause(target: Target, looks_without_news: int) -> float:
    if target.is_sandbox:
        return SANDBOX_SECONDS
    return IDLE_SECONDS if looks_without_news > IDLE_AFTER else AWS_SECONDS
