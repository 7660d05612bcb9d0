"""Cost of a stack before and after a change, at list price."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.aws.state_machines import Workflow
from ops.cost import execution as cost
from ops.cost.month import FUNCTION_GB
from tools.docs.cost_figures import bill
from tools.docs.deployed import count
from tools.preview_diff.resources import Resources

RUNS = 1000

Counts = Mapping[str, Any]
"""The content of bench/counts.json: calls of one run of each workflow, counted on the sandbox."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One amount in US dollars, before and after."""

    label: str
    old: float
    new: float


def counts(tree: Path) -> Counts:
    """Read the counts of the program in `tree`; none if it has no such file."""
    path = tree / "bench" / "counts.json"
    found: Counts = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def compare(old: Resources, new: Resources, old_counts: Counts, new_counts: Counts) -> list[Line]:
    """Return 1,000 runs of each workflow that both sides counted, and a month without any run."""
    before, after = _amounts(old, old_counts), _amounts(new, new_counts)
    return [Line(label=label, old=before[label], new=after[label]) for label in after if label in before]


def _amounts(resources: Resources, counted: Counts) -> dict[str, float]:
    parts = count((resource["type"], resource["inputs"]) for resource in resources.values())
    bills = {
        workflow: bill(workflow, RUNS, counted[workflow.value], parts)
        for workflow in Workflow
        if workflow.value in counted
    }
    # The price list assumes the default memory; a stack pays for its own setting.
    share = parts.memory_mb / (FUNCTION_GB * 1024)
    amounts = {
        f"{RUNS:,} runs of {workflow.value}": sum(
            line.usd * (share if line.item.startswith("lambda.gb_second") else 1) for line in each.of_runs
        )
        for workflow, each in bills.items()
    }
    for each in bills.values():
        amounts["a month without runs"] = cost.total(each.fixed)
    return amounts
