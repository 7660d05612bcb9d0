"""The alarms of a stack, each with its runbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pulumi_aws as aws

from components import metrics
from components.function import Function
from components.http_api import HttpApi
from components.metrics import Metric
from components.workflow import Workflow

RUNBOOKS = "docs/runbooks"

PERIOD_SECONDS = 300
"""Seconds of one evaluation: the time between two sweeps, which publish the age of the stories."""

SILENT_PERIODS = 3
"""Missed sweeps after which the sweeper counts as silent: EventBridge does not start each one to the minute."""

WARM_UP_MINUTES = 20
"""Time for the first sweeps of a new stack.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html"""

OLD_SHARE = 0.75
"""A story that has used this share of its timeout is too old: the rest is needed to finish it."""

MissingData = Literal["notBreaching", "breaching", "ignore"]
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html"""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm.

    Attributes:
        name: the part after the stack's prefix.
        message: what happened, in a sentence.
        runbook: the name of the page in `docs/runbooks/` that says what to do.
        metric: evaluated every five minutes.
        threshold: the alarm goes off at this value, or, where `is_below`, below it.
        periods: evaluations in a row that must breach the threshold.
        missing: the treatment of missing data.
        notifies_ok: whether the alarm also sends a message when it returns to OK.
        warm_up_minutes: warm-up period after creation.
    """

    name: str
    message: str
    runbook: str
    metric: Metric
    threshold: float = 1
    is_below: bool = False
    periods: int = 1
    missing: MissingData = "notBreaching"
    notifies_ok: bool = False
    warm_up_minutes: int | None = None

    def description(self, runbooks: str) -> str:
        """Return the text of the message that the alarm sends; `runbooks` is the URL or the folder of the pages."""
        return f"{self.message} Runbook: {runbooks.rstrip('/')}/{self.runbook}.md"


def of_workflow(workflow: Workflow) -> Iterator[Alarm]:
    """Yield the alarms for executions that fail, time out or are throttled."""
    name = workflow.pulumi_resource_name
    yield Alarm(
        name=f"{name}-failed",
        message=f"An execution of the workflow {name} failed.",
        runbook=f"{name}-failed",
        metric=metrics.of_workflow(workflow, "ExecutionsFailed"),
    )
    yield Alarm(
        name=f"{name}-timed-out",
        message=f"An execution of the workflow {name} timed out.",
        runbook="execution-timed-out",
        metric=metrics.of_workflow(workflow, "ExecutionsTimedOut"),
    )
    yield Alarm(
        name=f"{name}-throttled",
        message=f"Step Functions slows down the workflow {name}: the account is at its limit.",
        runbook="execution-throttled",
        metric=metrics.of_workflow(workflow, "ExecutionThrottled"),
    )


def of_function(function: Function) -> Iterator[Alarm]:
    """Yield the alarms for failed and throttled calls of a function."""
    name = function.pulumi_resource_name
    yield Alarm(
        name=f"{name}-errors",
        message=f"The function {name} failed.",
        runbook="function-errors",
        metric=metrics.of_function(function, "Errors"),
    )
    yield _throttles(function)


def of_service(service: Function, error_threshold: int) -> Iterator[Alarm]:
    """Yield the alarms of an order service. Its refusals are errors as well, so only many of them set off the alarm."""
    name = service.pulumi_resource_name
    yield Alarm(
        name=f"{name}-errors",
        message=f"The function {name} failed, or refused orders, {error_threshold} times or more within five minutes.",
        runbook="service-errors",
        metric=metrics.of_function(service, "Errors"),
        threshold=error_threshold,
    )
    yield _throttles(service)


def of_api(api: HttpApi) -> Alarm:
    """Return the alarm for answers of an API with a status of 500 or above."""
    name = api.pulumi_resource_name
    return Alarm(
        name=f"{name}-5xx",
        message=f"The API {name} answered with a status of 500 or above.",
        runbook="api-5xx",
        metric=metrics.of_api(api, "5xx"),
    )


def of_dead_letters(queue: aws.sqs.Queue) -> Alarm:
    """Return the alarm for events in a dead-letter queue."""
    name = queue.pulumi_resource_name
    return Alarm(
        name=name,
        message=f"The queue {name} holds events that could not be delivered or handled.",
        runbook="dead-letters",
        metric=metrics.messages_in(queue),
        notifies_ok=True,
    )


def of_stories(sweeper: Function, callback_timeout_seconds: int) -> Iterator[Alarm]:
    """Yield the alarms for stories that wait too long, and for a sweeper that reports nothing."""
    name = sweeper.pulumi_resource_name
    yield Alarm(
        name=f"{name}-oldest-story",
        message=f"A release has waited for its story for {OLD_SHARE:.0%} of its timeout. When that is over, it fails.",
        runbook="oldest-story",
        metric=metrics.published_by(sweeper, "OldestWaitingStoryAge", "Maximum"),
        threshold=OLD_SHARE * callback_timeout_seconds,
        # Without a sweep there is no data, which has its own alarm.
        missing="ignore",
        notifies_ok=True,
    )
    yield Alarm(
        name=f"{name}-silent",
        message="The sweeper has published nothing for a quarter of an hour: it does not run, or fails at once.",
        runbook="sweeper-silent",
        metric=metrics.published_by(sweeper, "WaitingStories", "SampleCount"),
        is_below=True,
        periods=SILENT_PERIODS,
        missing="breaching",
        notifies_ok=True,
        warm_up_minutes=WARM_UP_MINUTES,
    )


def _throttles(function: Function) -> Alarm:
    name = function.pulumi_resource_name
    return Alarm(
        name=f"{name}-throttles",
        message=f"Calls of the function {name} were throttled: too many functions of the account run at once.",
        runbook="function-throttles",
        metric=metrics.of_function(function, "Throttles"),
    )
