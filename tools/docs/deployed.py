"""The resources of a stack, counted from a run of the program; nothing is deployed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pulumi.runtime import rpc

from components import bundle
from facts import METRICS_NAMESPACE
from sandbox.engine import plain
from sandbox.stack import load
from tools.made_up import MadeUp
from tools.registrations import register

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A stack's parts that are billed by the month, or that a schedule starts.

    `custom_metrics` are the functions' own metrics on the dashboard, which shows all of them, as a test ensures.
    """

    alarms: int
    dashboards: int
    secrets: int
    custom_metrics: int
    schedules: tuple[str, ...]
    memory_mb: int


@cache
def deployed(stack: str) -> Deployed:
    """Count the parts of a stack, such as `dev`."""
    # The bundle is not needed, and building it takes a package index.
    with patch.object(bundle, "build", lambda *_: Path("bundle.zip")):
        registered = register(_ROOT, load(_ROOT, stack, encrypted="not-read"), MadeUp())
    return count((each.type, plain(rpc.deserialize_properties(each.properties))) for each in registered.inputs)


def count(resources: Iterable[tuple[str, Mapping[str, Any]]]) -> Deployed:
    """Count the billed parts among resources, each given by its type and its inputs."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for kind, inputs in resources:
        found.setdefault(kind, []).append(inputs)
    dashboards = found.get("aws:cloudwatch/dashboard:Dashboard", [])
    widgets = [widget for each in dashboards for widget in json.loads(each["dashboardBody"])["widgets"]]
    shown = {tuple(line[:-1]) for widget in widgets for line in widget["properties"].get("metrics", [])}
    rules = found.get("aws:cloudwatch/eventRule:EventRule", [])
    return Deployed(
        alarms=len(found.get("aws:cloudwatch/metricAlarm:MetricAlarm", [])),
        dashboards=len(dashboards),
        secrets=len(found.get("aws:secretsmanager/secret:Secret", [])),
        custom_metrics=sum(namespace == METRICS_NAMESPACE for namespace, *_ in shown),
        schedules=tuple(sorted(rule["scheduleExpression"] for rule in rules if rule.get("scheduleExpression"))),
        memory_mb=max((each["memorySize"] for each in found.get("aws:lambda/function:Function", [])), default=0),
    )
