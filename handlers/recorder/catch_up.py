"""The scheduled function that records the ends of which no event came: they are sent on a best-effort basis.

It looks for failures, and for successes after a redrive, which leave the error of an earlier attempt behind.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

import json
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.executions import Executions, executions
from handlers.recorder.files import files
from handlers.recorder.record import record
from handlers.recorder.status_change import Ending
from handlers.stories import stories
from handlers.telemetry import count, logged, logger, measured

SETTLED = timedelta(minutes=5)
"""What ended less than this ago is left to its event."""

RESERVE_MILLISECONDS = 10_000
"""What is kept of the function's time for the record at hand, a long history among them, and for the report."""


class CatchUpError(Exception):
    """Some failures could not be recorded; the function fails, so that its alarm sees it."""


@logged
@measured
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Record every failure of the last hours; one that is recorded stays as it is.

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
    recorded, failed = catch_up(
        failures,
        lambda ending: record(ending, executions=executions(), files=files(), stories=stories()),
        is_time_over=lambda: context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS,
    )
    count("FailuresLookedAt", recorded)
    logger().info("Caught up", recorded=recorded, failed=failed)
    if failed:
        raise CatchUpError(f"These failures could not be recorded: {', '.join(failed)}")
    return {"recorded": recorded}


def ended_between(executions: Executions, machine_arn: str, since: datetime, until: datetime) -> Iterable[Ending]:
    """List the executions of a state machine whose end, between two moments, must not go unrecorded.

    Args:
        executions: Step Functions.
        machine_arn: whose executions.
        since, until: the moments.
    """
    redriven = {"redriveFilter": "REDRIVEN"}
    for status, filters in (("FAILED", {}), ("TIMED_OUT", {}), ("ABORTED", {}), ("SUCCEEDED", redriven)):
        for found in executions.ended(machine_arn, status, since=since, **filters):
            if found["stopDate"] <= until:
                yield Ending.of_listed(found)


def catch_up(
    endings: Iterable[Ending], write: Callable[[Ending], None], *, is_time_over: Callable[[], bool]
) -> tuple[int, dict[str, str]]:
    """Record one after the other; one's failure does not stop the others.

    Returns:
        How many were recorded, and the executions that were not, with the reason.
    """
    recorded = 0
    failed: dict[str, str] = {}
    for ending in endings:
        if is_time_over():
            failed[ending.name] = "there was no time left"
            break
        try:
            write(ending)
            recorded += 1
        except Exception as error:
            failed[ending.name] = type(error).__name__
    return recorded, failed
