"""What a month costs at list price: runs like one that was measured, and what is there without any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops import cost
from ops.cost import Cost
from ops.executions import Workflow
from ops.history import HistoryEvent
from ops.target import Target

FUNCTION_GB = 0.25
"""`lambdaMemorySize` of `Pulumi.yaml`."""

WARM_SECONDS = 0.2
"""A generous time for a function that is not measured: the callback, the recorder, those that a clock starts."""

TICKS = 30 * 24 * (2 * 60 // 5 + 60 // 15 + 1)
"""Starts by the clock in a month: sweeper and expirer every 5 minutes, the finisher every 15, the catch-up hourly."""

LOG_GB = 30 / 1024**2
"""About 30 KB of logs a run: some fifty events of the state machine, and a few lines of each function."""

AROUND: Mapping[Workflow, Mapping[str, float]] = {
    # The callback (an API request, one query, two updates), the index of those who wait, the recorder and its log.
    Workflow.RELEASE: {
        "apigateway.http_api.request": 1,
        "lambda.request": 2,
        "lambda.gb_second.arm64": 2 * WARM_SECONDS * FUNCTION_GB,
        "dynamodb.on_demand.read_request_unit": 1,
        "dynamodb.on_demand.write_request_unit": 5,
        "s3.put_copy_post_list": 1,
    },
    # The event; what is written: the order and its end, each with the index of open orders, the payment, and a
    # reservation of two lines (transactions count twice).
    Workflow.ORDERS: {
        "eventbridge.custom_event_64kb": 1,
        "dynamodb.on_demand.read_request_unit": 1,
        "dynamodb.on_demand.write_request_unit": 14,
    },
}

EVERY_RUN = {"cloudwatch.logs.ingest_gb": LOG_GB, "xray.trace_recorded": 1.0}


@dataclass(frozen=True, kw_only=True)
class Month:
    """The bill of a month."""

    runs: int
    of_runs: Sequence[Cost]
    fixed: Sequence[Cost]

    @property
    def usd(self) -> float:
        """The sum."""
        return cost.total(self.of_runs) + cost.total(self.fixed)

    def as_json(self) -> dict[str, Any]:
        """What JSON output says."""
        return {
            "runs": self.runs,
            "perRun": [line.as_json() for line in self.of_runs],
            "fixed": [line.as_json() for line in self.fixed],
            "usd": self.usd,
        }


def month(target: Target, events: Sequence[HistoryEvent], workflow: Workflow, runs: int) -> Month:
    """Estimate a month with so many runs like this one, without free tier.

    Functions that the workflow calls are taken to last as long as the calls did, so a little less than is said; a real
    API in place of a mock has its own bill. Storage is left out: it is cents until there are gigabytes.
    """
    each = {line.item: line.quantity for line in cost.of_execution(events)}
    for more in (_called(events), AROUND[workflow], EVERY_RUN):
        for name, quantity in more.items():
            each[name] = each.get(name, 0) + quantity
    return Month(
        runs=runs,
        of_runs=cost.priced({name: quantity * runs for name, quantity in each.items()}),
        fixed=cost.priced(_fixed(target)),
    )


def _called(events: Sequence[HistoryEvent]) -> dict[str, float]:
    """Functions that the execution invoked, and APIs, which are taken for our mocks: an API and a function each."""
    began: dict[int, Any] = {}
    requests, functions, seconds = 0, 0, 0.0
    for event in events:
        kind = event["type"]
        if kind == "TaskScheduled":
            resource = event["taskScheduledEventDetails"]["resourceType"]
            if resource in ("lambda", "http"):
                began[event["id"]] = event["timestamp"]
                functions += 1
                requests += resource == "http"
        elif kind == "TaskStarted" and event["previousEventId"] in began:
            began[event["id"]] = began[event["previousEventId"]]
        elif event.get("previousEventId") in began:
            seconds += (event["timestamp"] - began[event["previousEventId"]]).total_seconds()
    return {
        "apigateway.http_api.request": float(requests),
        "lambda.request": float(functions),
        "lambda.gb_second.arm64": seconds * FUNCTION_GB,
    }


def _fixed(target: Target) -> dict[str, float]:
    """The secret, the clocks, and the alarms and metrics that the stack has."""
    prefix = target["state_machine_name"].removesuffix("release")
    cloudwatch = target.client("cloudwatch")
    alarms = cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm"])
    metrics = cloudwatch.get_paginator("list_metrics").paginate(Namespace="Holdpoint")
    return {
        "secretsmanager.secret_month": 1,
        "lambda.request": TICKS,
        "lambda.gb_second.arm64": TICKS * WARM_SECONDS * FUNCTION_GB,
        "cloudwatch.alarm_month": sum(len(page["MetricAlarms"]) for page in alarms),
        "cloudwatch.custom_metric_month": sum(len(page["Metrics"]) for page in metrics),
    }
