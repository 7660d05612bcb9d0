"""The dashboard: workflows, waits and errors on one page.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pulumi
import pulumi_aws as aws

from components import metrics
from components.function import Function
from components.http_api import HttpApi
from components.log_queries import Query
from components.metrics import Metric
from components.workflow import Workflow

COLUMNS = 24
"""Columns of a dashboard."""

PERIOD_SECONDS = 300

CALLBACK_ANSWERS = (
    *("Resumed", "AlreadyResumed", "Parked", "Ignored", "Invalid", "Unauthorized", "Forbidden"),
    *("NotFound", "Gone", "TooLarge", "Error", "Unavailable"),
)
"""The answers of the callback API that its function counts, as `CallbackResumed` and so on."""

Widget: TypeAlias = dict[str, Any]
"""One widget without its position: plain JSON values, or Outputs of them."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The resources that the dashboard shows."""

    alarm_arns: Sequence[pulumi.Output[str]]
    release: Workflow
    orders: Workflow | None
    functions: Sequence[Function]
    apis: Sequence[HttpApi]
    dead_letters: Sequence[aws.sqs.Queue]
    callback: Function
    sweeper: Function
    last_errors: Query


def body(shown: Shown, region: pulumi.Output[str]) -> pulumi.Output[str]:
    """Render the dashboard's body as JSON."""
    workflows = [shown.release] if shown.orders is None else [shown.release, shown.orders]
    rows: list[tuple[int, list[Widget]]] = [
        (5, [_alarms("Alarms", shown.alarm_arns)]),
        (
            6,
            [
                _graph("Releases", region, _executions(shown.release)),
                _graph("Waiting stories (left), age of the oldest in seconds (right)", region, _waiting(shown.sweeper)),
                _graph("Callbacks by answer", region, _callbacks(shown.callback)),
            ],
        ),
        (
            6,
            [
                *([_graph("Orders", region, _executions(shown.orders))] if shown.orders else []),
                _graph("Time of an execution", region, _durations(workflows)),
                _graph(
                    "Events that could not be delivered or handled",
                    region,
                    {queue.pulumi_resource_name: metrics.messages_in(queue) for queue in shown.dead_letters},
                ),
            ],
        ),
        (6, [_graph(f"Requests of {api.pulumi_resource_name}", region, _requests(api)) for api in shown.apis]),
        (
            6,
            [
                _graph("Errors of the functions", region, _of_each(shown.functions, "Errors")),
                _graph("Throttles of the functions", region, _of_each(shown.functions, "Throttles")),
                _graph("Time of the functions (p95)", region, _of_each(shown.functions, "Duration", "p95")),
            ],
        ),
        (8, [_table("Last errors of the functions", region, shown.last_errors)]),
    ]
    return pulumi.Output.json_dumps({"periodOverride": "inherit", "widgets": list(_placed(rows))})


def _placed(rows: Iterable[tuple[int, Sequence[Widget]]]) -> Iterable[Widget]:
    """Give each row its height, and its widgets the whole width in equal parts."""
    top = 0
    for height, widgets in rows:
        width = COLUMNS // len(widgets)
        for position, widget in enumerate(widgets):
            yield {"x": position * width, "y": top, "width": width, "height": height, **widget}
        top += height


def _executions(workflow: Workflow) -> dict[str, Metric]:
    names = ("Started", "Succeeded", "Failed", "TimedOut", "Aborted")
    return {name: metrics.of_workflow(workflow, f"Executions{name}") for name in names}


def _waiting(sweeper: Function) -> dict[str, Metric]:
    return {
        "waiting": metrics.published_by(sweeper, "WaitingStories", "Maximum"),
        "reminders": metrics.published_by(sweeper, "RemindersSent"),
        "resumed by the sweeper": metrics.published_by(sweeper, "StoriesResumedBySweeper"),
        "oldest": metrics.published_by(sweeper, "OldestWaitingStoryAge", "Maximum"),
    }


def _callbacks(callback: Function) -> dict[str, Metric]:
    return {answer: metrics.published_by(callback, f"Callback{answer}") for answer in CALLBACK_ANSWERS}


def _durations(workflows: Sequence[Workflow]) -> dict[str, Metric]:
    return {
        f"{workflow.pulumi_resource_name} {statistic}": metrics.of_workflow(workflow, "ExecutionTime", statistic)
        for workflow in workflows
        for statistic in ("p50", "p95")
    }


def _requests(api: HttpApi) -> dict[str, Metric]:
    counts = {name: metrics.of_api(api, name) for name in ("Count", "4xx", "5xx")}
    return {**counts, "Latency p95": metrics.of_api(api, "Latency", "p95")}


def _of_each(functions: Sequence[Function], name: str, statistic: str = "Sum") -> dict[str, Metric]:
    return {function.pulumi_resource_name: metrics.of_function(function, name, statistic) for function in functions}


def _graph(title: str, region: pulumi.Output[str], lines: Mapping[str, Metric]) -> Widget:
    """Build a line graph; times use the right axis if counts use the left one."""
    is_mixed = any(_is_time(metric) for metric in lines.values()) and not all(map(_is_time, lines.values()))
    return {
        "type": "metric",
        "properties": {
            "title": title,
            "view": "timeSeries",
            "region": region,
            "period": PERIOD_SECONDS,
            "metrics": [
                [
                    metric.namespace,
                    metric.name,
                    *(part for dimension in metric.dimensions.items() for part in dimension),
                    {
                        "label": label,
                        "stat": metric.statistic,
                        **({"yAxis": "right"} if is_mixed and _is_time(metric) else {}),
                    },
                ]
                for label, metric in lines.items()
            ],
        },
    }


def _is_time(metric: Metric) -> bool:
    return metric.name in ("OldestWaitingStoryAge", "Latency", "Duration", "ExecutionTime")


def _alarms(title: str, arns: Sequence[pulumi.Output[str]]) -> Widget:
    return {"type": "alarm", "properties": {"title": title, "alarms": list(arns), "sortBy": "stateUpdatedTimestamp"}}


def _table(title: str, region: pulumi.Output[str], query: Query) -> Widget:
    sources = pulumi.Output.all(*query.log_groups).apply(lambda names: " | ".join(f"SOURCE '{name}'" for name in names))
    return {
        "type": "log",
        "properties": {
            "title": title,
            "region": region,
            "view": "table",
            "query": pulumi.Output.concat(sources, "\n| ", query.text),
        },
    }
