"""docs/cost.md: the cost of a run and of a month, from counts, the program and the price list."""

import json
from typing import Any

from ops.aws.state_machines import Workflow
from ops.cost import execution as cost
from ops.cost import month as estimate
from ops.cost.month import WARM_SECONDS
from tools.docs.cost_figures import STACK, counts, month, services
from tools.docs.deployed import deployed
from tools.docs.templates import render

SIZES = (1_000, 100_000, 1_000_000)
"""Runs a month."""

ORIGINAL_CLAIMED, ORIGINAL_REAL = 25, 15
"""State transitions on the success path of the program that this one follows: according to its document, and in its
definition. The document says $0.25 for 1,000 executions, which is the price of ten transitions."""

_HOW_KNOWN = {
    "cloudwatch.logs.ingest_gb": "an estimate, see below",
    "dynamodb.on_demand.write_request_unit": "counted, and what the indexes' definitions add",
    "xray.trace_recorded": "from X-Ray's rule: every one, up to one a second",
}
"""Sources of quantities that are not simply counted in a run."""


def page() -> str:
    """Return the whole page."""
    release = month(Workflow.RELEASE, 1000)
    fixed, by_service = release.fixed, services(release.of_runs)
    columns = [services(month(workflow, 1000).of_runs) for workflow in Workflow]
    log, prices = counts(Workflow.RELEASE)["log_bytes"], cost.prices()
    dearest = sorted(by_service, key=lambda name: -by_service[name])[:3]
    return render(
        "cost.md.j2",
        dollars=_dollars,
        total=cost.total,
        listed=json.loads(cost.PRICES.read_text(encoding="utf-8")),
        prices=prices,
        transition=prices["stepfunctions.standard.transition"],
        each={workflow.value: cost.total(month(workflow, 1).of_runs) for workflow in Workflow},
        fixed=fixed,
        columns=columns,
        names=sorted({name for column in columns for name in column}, key=lambda name: -columns[0].get(name, 0)),
        runs=[_run(workflow) for workflow in Workflow],
        how_known=_HOW_KNOWN | {"lambda.gb_second.arm64": _assumed_duration()},
        log_kb=estimate.LOG_GB * 1024**2,
        schedules=deployed(STACK).schedules,
        sizes=[{"runs": runs, "months": [month(workflow, runs) for workflow in Workflow]} for runs in SIZES],
        watching=sum(line.usd for line in fixed if line.item.startswith("cloudwatch")),
        dearest=[{"name": name, "share": by_service[name] / sum(by_service.values())} for name in dearest],
        states_share=log["states"] / sum(log.values()),
        functions=sum(line.usd for line in release.of_runs if "gb_second" in line.item),
        production_mb=deployed("prod").memory_mb,
        original_claimed=ORIGINAL_CLAIMED,
        original_real=ORIGINAL_REAL,
        transitions=counts(Workflow.RELEASE)["transitions"],
    )


def _run(workflow: Workflow) -> dict[str, Any]:
    return {
        "name": "release" if workflow is Workflow.RELEASE else "order",
        "lines": month(workflow, 1).of_runs,
        "logged_kb": sum(counts(workflow)["log_bytes"].values()) / 1024,
    }


def _assumed_duration() -> str:
    return f"assumed: {WARM_SECONDS} s a call, {deployed(STACK).memory_mb} MB"


def _dollars(usd: float, digits: int = 2) -> str:
    """Format an amount."""
    if 0 < usd < 0.5 * 10**-digits:
        return f"under ${10**-digits:.{digits}f}"
    return f"${usd:,.{digits}f}"
