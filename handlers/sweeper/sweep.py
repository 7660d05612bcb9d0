"""The scheduled function that sweeps the waits, sends reminders, and publishes the number and age of the waits."""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.decisions.resume import Resumption
from handlers.executions import executions
from handlers.stories import stories
from handlers.sweeper.links import link_maker
from handlers.sweeper.reminders import Reminders, configured
from handlers.sweeper.topic import approvers_topic, topic
from handlers.sweeper.waiting_stories import sweep
from handlers.telemetry import count, logged, logger, measured, metrics
from handlers.timestamps import timestamp

RESERVE_MILLISECONDS = 5_000
"""Time that the function reserves to finish a wait, to publish the metrics and to report."""


class SweepError(Exception):
    """Some waits could not be swept. The function fails, so that its alarm goes off."""


@logged
@measured
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Sweep once.

    Raises:
        SweepError: names the executions that could not be swept, after all others were.
    """
    now = datetime.now(UTC)
    callback_timeout = timedelta(seconds=float(os.environ["CALLBACK_TIMEOUT_SECONDS"]))
    reminders = Reminders(
        stories=stories(),
        to=topic,
        now=now,
        reminders=configured(os.environ["REMINDERS"]),
        callback_timeout=callback_timeout,
        links=link_maker(now),
        approvers=approvers_topic(),
    )
    done = sweep(
        stories(),
        Resumption(stories=stories(), workflow=executions(), at=timestamp(now), sleep=time.sleep),
        index=os.environ["WAITING_INDEX"],
        now=now,
        callback_timeout=callback_timeout,
        remind=reminders.remind,
        is_time_over=lambda: context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS,
    )
    count("WaitingStories", done.waiting)
    count("StoriesResumedBySweeper", len(done.resumed))
    count("RemindersSent", len(done.reminded))
    metrics().add_metric(name="OldestWaitingStoryAge", unit=MetricUnit.Seconds, value=done.oldest_seconds)
    logger().info(
        "Swept",
        waiting=done.waiting,
        resumed=done.resumed,
        reminded=done.reminded,
        failed=done.failed,
        left=done.left,
    )
    if done.failed:
        raise SweepError(f"{len(done.failed)} of {done.waiting} waits could not be swept: {', '.join(done.failed)}")
    return {
        "waiting": done.waiting,
        "resumed": len(done.resumed),
        "reminded": len(done.reminded),
        "left": done.left,
    }
