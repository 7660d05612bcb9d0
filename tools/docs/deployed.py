"""The resources of a stack, counted from a run of the program; nothing is deployed."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

from components import bundle
from facts import METRICS_NAMESPACE
from sandbox.engine import plain, run
from sandbox.stack import load

_ROOT = Path(__file__).parents[2]

_ANSWERS: dict[str, dict[str, Any]] = {
    "aws:index/getPartition:getPartition": {"partition": "aws"},
    "aws:index/getRegion:getRegion": {"region": "us-east-1"},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012"},
}
"""What the program asks AWS about."""


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
    (dashboard,) = counting.all("cloudwatch/dashboard:Dashboard")
    widgets = json.loads(dashboard["dashboardBody"])["widgets"]
    shown = {tuple(line[:-1]) for widget in widgets for line in widget["properties"].get("metrics", [])}
    rules = counting.all("cloudwatch/eventRule:EventRule")
    return Deployed(
        alarms=len(counting.all("cloudwatch/metricAlarm:MetricAlarm")),
        dashboards=len(counting.all("cloudwatch/dashboard:Dashboard")),
        secrets=len(counting.all("secretsmanager/secret:Secret")),
        custom_metrics=sum(namespace == METRICS_NAMESPACE for namespace, *_ in shown),
        schedules=tuple(sorted(rule["scheduleExpression"] for rule in rules if rule.get("scheduleExpression"))),
        memory_mb=max(function["memorySize"] for function in counting.all("lambda/function:Function")),
    )


@dataclass
class _Counting(Mocks):
    """Takes every resource, and makes up what AWS would say of it."""

    resources: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        inputs = plain(args.inputs)
        self.resources.append((args.typ, inputs))
        made_up = {
            name: f"arn:aws:x:us-east-1:123456789012:made-up/{args.name}/1"
            for name in ("arn", "secretArn", "invokeArn")
        }
        texts = ("name", "bucket", "url", "executionArn", "apiEndpoint", "versionId", "result")
        return args.name, {**dict.fromkeys(texts, args.name), **made_up, **args.inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        named = {"name": args.args.get("name"), "arn": "arn:aws:events:us-east-1:123456789012:event-bus/default"}
        return {**named, **_ANSWERS.get(args.token, {})}, []

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return the inputs of the resources of a kind."""
        return [inputs for each, inputs in self.resources if each == f"aws:{kind}"]
