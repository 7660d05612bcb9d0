"""The cost of a month at list price: runs like a measured one, and fixed costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from facts import CATCH_UP_MINUTES, EXPIRE_MINUTES, FINISH_MINUTES, METRICS_NAMESPACE, SWEEP_MINUTES
from handlers.execution_history import HistoryEvent
from ops.aws import alarms
from ops.aws.state_machines import Workflow
from ops.aws.target import Target
from ops.cost import execution as cost
from ops.cost.execution import Cost
from ops.history.states import calls, transitions

FUNCTION_GB = 0.25
"""`lambdaMemorySize` of `Pulumi.yaml`."""

WARM_SECONDS = 0.2
"""A generous duration for functions that are not measured: the callback, the recorder and the scheduled ones."""

TICKS = 30 * 24 * sum(60 // minutes for minutes in (SWEEP_MINUTES, EXPIRE_MINUTES, FINISH_MINUTES, CATCH_UP_MINUTES))
"""Scheduled starts of functions in a month."""

LOG_GB = 30 / 1024**2
"""About 30 KB of logs a run: some fifty events of the state machine, and a few lines of each function."""

TICK_LOG_GB = 2 / 1024**2
"""About 2 KB of logs for each scheduled start."""

SECRET_READS = 2
"""The current and the previous value of the secret, for each authenticated call. Functions cache them for some seconds,
so that many concurrent calls read less."""

INDEX_WRITES: Mapping[Workflow, int] = {
    # The wait adds an entry to the index of waiting subjects, the callback changes it, and the end removes it.
    Workflow.RELEASE: 3,
    # The order enters the index of open orders and leaves it; the reservation enters that of held ones in a
    # transaction, where writes count twice, and leaves it.
    Workflow.ORDERS: 5,
}
"""Writes that DynamoDB makes by itself for indexes.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes"""

AROUND: Mapping[Workflow, Mapping[str, float]] = {
    # The callback (an API request, one query, two updates), the recorder and its log. Each begins a trace.
    Workflow.RELEASE: {
        "apigateway.http_api.request": 1,
        "lambda.request": 2,
        "lambda.gb_second.arm64": 2 * WARM_SECONDS * FUNCTION_GB,
        "secretsmanager.api_call": SECRET_READS,
        "dynamodb.on_demand.read_request_unit": 1,
        "dynamodb.on_demand.write_request_unit": 2 + INDEX_WRITES[Workflow.RELEASE],
        "s3.get": 1,
        "s3.put_copy_post_list": 1,
        "xray.trace_recorded": 2,
    },
    # The event; what is written: the order, the payment, a reservation of two lines (three writes of a transaction,
    # which count twice) and its end, before which it is read.
    Workflow.ORDERS: {
        "eventbridge.custom_event_64kb": 1,
        "dynamodb.on_demand.read_request_unit": 1,
        "dynamodb.on_demand.write_request_unit": 1 + 1 + 2 * 3 + 1 + INDEX_WRITES[Workflow.ORDERS],
    },
}
"""Quantities of a run besides the calls of its state machine; bench/counts.json has the counted ones."""

EVERY_RUN = {"cloudwatch.logs.ingest_gb": LOG_GB, "xray.trace_recorded": 1.0}
"""X-Ray records the first request of each second and 5 % of the others: below that, every one.
https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""


@dataclass(frozen=True, kw_only=True)
class Month:
    """The bill of a month."""

    runs: int
    of_runs: Sequence[Cost]
    fixed: Sequence[Cost]

    @property
    def usd(self) -> float:
        """Return the sum."""
        return cost.total(self.of_runs) + cost.total(self.fixed)

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {
            "runs": self.runs,
            "perRun": [line.as_json() for line in self.of_runs],
            "fixed": [line.as_json() for line in self.fixed],
            "usd": self.usd,
        }


def month(target: Target, events: Sequence[HistoryEvent], workflow: Workflow, runs: int) -> Month:
    """Estimate a month with `runs` runs like this one, without free tier.

    Functions that the workflow calls count with the duration of the calls, a little more than their own; a real API in
    place of a mock has its own bill. Storage is left out: it costs cents until there are gigabytes.
    """
    each = per_run(workflow, transitions(events), list(calls(events)), _seconds(events))
    return Month(
        runs=runs,
        of_runs=cost.priced({name: quantity * runs for name, quantity in each.items()}),
        fixed=cost.priced(fixed(**_watched(target))),
    )


def per_run(
    workflow: Workflow, entered: int, called: Sequence[tuple[str, str]], function_seconds: float
) -> Mapping[str, float]:
    """Return the billed quantities of one run: transitions, calls, and everything around them.

    `function_seconds` is the time of all functions. APIs count as the mocks: an API and a function each.
    """
    services = [service for service, _ in called]
    apis = services.count("http")
    own = {
        "apigateway.http_api.request": apis,
        "lambda.request": apis + services.count("lambda"),
        "lambda.gb_second.arm64": function_seconds * FUNCTION_GB,
        "secretsmanager.api_call": apis * SECRET_READS,
        # A function that a state machine invokes belongs to the trace of the state machine.
        "xray.trace_recorded": apis,
    }
    each: dict[str, float] = {}
    for more in (cost.counted(entered, called), own, AROUND[workflow], EVERY_RUN):
        for item, quantity in more.items():
            each[item] = each.get(item, 0) + quantity
    return each


def fixed(*, alarms: int, custom_metrics: int) -> dict[str, float]:
    """Return the monthly quantities without any run: secret, dashboard, schedules, alarms and metrics."""
    return {
        "secretsmanager.secret_month": 1,
        "cloudwatch.dashboard_month": 1,
        "cloudwatch.alarm_month": alarms,
        "cloudwatch.custom_metric_month": custom_metrics,
        "cloudwatch.logs.ingest_gb": TICKS * TICK_LOG_GB,
        "lambda.request": TICKS,
        "lambda.gb_second.arm64": TICKS * WARM_SECONDS * FUNCTION_GB,
        "xray.trace_recorded": TICKS,
    }


def _seconds(events: Sequence[HistoryEvent]) -> float:
    """Return how long the calls of functions and APIs took."""
    began: dict[int, Any] = {}
    seconds = 0.0
    for event in events:
        kind = event["type"]
        if kind == "TaskScheduled":
            if event["taskScheduledEventDetails"]["resourceType"] in ("lambda", "http"):
                began[event["id"]] = event["timestamp"]
        elif kind == "TaskStarted" and event["previousEventId"] in began:
            began[event["id"]] = began[event["previousEventId"]]
        elif event.get("previousEventId") in began:
            seconds += (event["timestamp"] - began[event["previousEventId"]]).total_seconds()
    return seconds


def _watched(target: Target) -> dict[str, int]:
    """Return the alarms that the stack has, and the metrics that its functions have published lately."""
    prefix = target["state_machine_name"].removesuffix("release")
    metrics = target.client("cloudwatch").get_paginator("list_metrics").paginate(Namespace=METRICS_NAMESPACE)
    return {
        "alarms": len(alarms.states(target)),
        # The namespace is that of every stack in the account; the dimension's value is a function's name.
        "custom_metrics": sum(
            any(dimension["Value"].startswith(prefix) for dimension in metric["Dimensions"])
            for page in metrics
            for metric in page["Metrics"]
        ),
    }
