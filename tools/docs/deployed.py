"""The resources of a stack, counted from a run of the program; nothing is deployed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pulumi.runtime.mocks import MockResourceArgs

from components import bundle
from facts import METRICS_NAMESPACE
from sandbox.engine import plain, run
from sandbox.stack import load
from tools.made_up import MadeUp

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A stack's parts that are billed by the month, or by the clock.

    `custom_metrics` are those that the dashboard shows of the functions' own: it shows all, as a test holds it to.
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
    counting = _Counting()
    # Nothing of the bundle is looked at, and building it takes a package index.
    with patch.object(bundle, "build", lambda *_: Path("bundle.zip")):
        run(_ROOT, load(_ROOT, stack, encrypted="not-read"), counting)
    return count(counting.resources)


def count(resources: Iterable[tuple[str, Mapping[str, Any]]]) -> Deployed:
    """Count the parts among resources, each given by its type and its inputs."""
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


@dataclass
class _Counting(MadeUp):
    """Keep the type and the inputs of every resource."""

    resources: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.resources.append((args.typ, plain(args.inputs)))
        return super().new_resource(args)
