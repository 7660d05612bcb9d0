"""The scheduled function that records ended executions whose event was lost: Step Functions sends them best effort.

It looks for failures, and for successes after a redrive, which still have the error file of an earlier attempt.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.executions import Executions, executions
from handlers.recorder.files import files
from handlers.recorder.record import record
from handlers.recorder.status_change import Ending
from handlers.stories import stories
from handlers.telemetry import count, logged, logger, measured
from handlers.timed_batch import work_through

SETTLED = timedelta(minutes=5)
"""Executions that ended less than this ago are left to their events."""

RESERVE_MILLISECONDS = 10_000
"""Time that the function reserves to finish a record, perhaps of a long history, and to report."""


class CatchUpError(Exception):
    """Some failures could not be recorded. The function fails, so that its alarm goes off."""


@logged
@measured
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Record every failure of the last hours that is not recorded yet.

    Raises:
        CatchUpError: names the executions that could not be recorded, after all others were.
    """
    now = datetime.now(UTC)
    window = timedelta(seconds=float(os.environ["WINDOW_SECONDS"]))
    failures = (
        ending
        for arn in json.loads(os.environ["STATE_MACHINES"])
        for ending in ended_between(executions(), arn, now - window, now - SETTLED)
    )

    def write(ending: Ending) -> bool:
        record(ending, executions=executions(), files=files(), stories=stories())
        return True

    batch = work_through(
        failures,
        write,
        name=lambda ending: ending.name,
        is_time_over=lambda: context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS,
    )
    failed = {**batch.failed, **({batch.stopped_at: "there was no time left"} if batch.stopped_at else {})}
    count("FailuresLookedAt", len(batch.done))
    logger().info("Caught up", recorded=len(batch.done), failed=failed)
    if failed:
        raise CatchUpError(f"These failures could not be recorded: {', '.join(failed)}")
    return {"recorded": len(batch.done)}


def ended_between(executions: Executions, machine_arn: str, since: datetime, until: datetime) -> Iterable[Ending]:
    """List the executions of a state machine that ended between two times and must be recorded.

    Args:
        executions: Step Functions.
        machine_arn: the state machine.
        since, until: the times.
    """
    redriven = {"redriveFilter": "REDRIVEN"}
    for status, filters in (("FAILED", {}), ("TIMED_OUT", {}), ("ABORTED", {}), ("SUCCEEDED", redriven)):
        for found in executions.ended(machine_arn, status, since=since, **filters):
            if found["stopDate"] <= until:
                yield Ending.of_listed(found)
