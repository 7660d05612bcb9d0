"""The figures of docs/cost.md: a month's cost from the counts in bench/counts.json and the deployed resources."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ops.aws.state_machines import Workflow
from ops.cost import execution as cost
from ops.cost import month as estimate
from ops.cost.execution import Cost
from ops.cost.month import WARM_SECONDS, Month
from tools.docs.deployed import Deployed, deployed

COUNTS = Path(__file__).parents[2] / "bench" / "counts.json"

STACK = "dev"

SERVICES = {
    "apigateway": "API Gateway",
    "cloudwatch": "CloudWatch",
    "dynamodb": "DynamoDB",
    "eventbridge": "EventBridge",
    "lambda": "Lambda",
    "s3": "S3",
    "secretsmanager": "Secrets Manager",
    "stepfunctions": "Step Functions",
    "xray": "X-Ray",
}


@cache
def month(workflow: Workflow, runs: int) -> Month:
    """Return the cost of a month with that many runs like the one of bench/counts.json, in a stack as deployed."""
    return bill(workflow, runs, counts(workflow), deployed(STACK))


def bill(workflow: Workflow, runs: int, run: Mapping[str, Any], parts: Deployed) -> Month:
    """Return the cost of a month with that many runs like `run`, in a stack with these parts."""
    called = [_call(name) for name, times in run["machine"].items() for _ in range(times)]
    functions = sum(service in ("http", "lambda") for service, _ in called)
    each = estimate.per_run(workflow, run["transitions"], called, functions * WARM_SECONDS)
    return Month(
        runs=runs,
        of_runs=cost.priced({name: quantity * runs for name, quantity in each.items()}),
        fixed=cost.priced(estimate.fixed(alarms=parts.alarms, custom_metrics=parts.custom_metrics)),
    )


def counts(workflow: Workflow) -> Mapping[str, Any]:
    """Return the AWS calls of a run, as `bench.counts.Counts` counts them."""
    known: Mapping[str, Any] = _counted()[workflow.value]
    return known


def services(lines: Sequence[Cost]) -> dict[str, float]:
    """Return each service's share of a bill."""
    found: dict[str, float] = {}
    for line in lines:
        name = SERVICES[line.item.partition(".")[0]]
        found[name] = found.get(name, 0) + line.usd
    return found


def _call(name: str) -> tuple[str, str]:
    service, _, operation = name.rpartition(":")
    return service, operation


@cache
def _counted() -> Mapping[str, Any]:
    known: Mapping[str, Any] = json.loads(COUNTS.read_text(encoding="utf-8"))
    return known
