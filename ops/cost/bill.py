"""The bill of an execution, and of a month with N executions like it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handlers.execution_history import HistoryEvent
from ops.aws.state_machines import Workflow
from ops.aws.target import Target
from ops.cost import execution as cost
from ops.cost import month as estimate
from ops.cost.execution import Cost
from ops.cost.month import Month
from ops.durations import human
from ops.errors import UsageError
from ops.history import executions
from ops.history import states as history
from ops.history.executions import Execution

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, kw_only=True)
class Bill:
    """The cost of one execution so far, and of a month if asked for."""

    execution: Execution
    events: Sequence[HistoryEvent]
    costs: Sequence[Cost]
    month: Month | None

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {
            **self.execution.as_json(),
            "transitions": history.transitions(self.events),
            "costs": [line.as_json() for line in self.costs],
            "usd": cost.total(self.costs),
            "leavesOut": cost.LEAVES_OUT,
            "month": self.month.as_json() if self.month else None,
        }

    def print(self, console: "Console") -> None:
        """Print the bill."""
        lasted = human(history.duration(self.events))
        console.print(f"{self.execution.name}: {history.transitions(self.events)} state transitions in {lasted}")
        _print(console, self.costs)
        total = cost.total(self.costs)
        console.print(f"  {'total':>45} ${total:.7f}, so ${1000 * total:.2f} for 1,000 runs", style="bold")
        console.print(f"  {cost.LEAVES_OUT}")
        if self.month is None:
            return
        console.print(f"\nA month with {self.month.runs:,} runs, and the functions and APIs around them")
        _print(console, self.month.of_runs, digits=2)
        console.print("A month without any run")
        _print(console, self.month.fixed, digits=2)
        console.print(f"  {'total':>45} ${self.month.usd:,.2f} a month", style="bold")


def bill(target: Target, text: str | None, per_month: int | None) -> Bill:
    """Price an execution and, if a number of runs is given, a month with as many of them.

    Raises:
        UsageError: there is no such execution, or its workflow has no measured costs of a month.
    """
    execution = executions.find(target, text)
    if per_month and execution.workflow not in tuple(Workflow):
        raise UsageError(f"What runs around an execution of {execution.workflow} is not known", "Leave out --per-month")
    events = history.read(target.client("stepfunctions"), execution.arn)
    return Bill(
        execution=execution,
        events=events,
        costs=cost.of_execution(events),
        month=estimate.month(target, events, Workflow(execution.workflow), per_month) if per_month else None,
    )


def _print(console: "Console", costs: Sequence[Cost], digits: int = 7) -> None:
    for line in costs:
        quantity = f"{line.quantity:,.0f}" if line.quantity >= 1 else f"{line.quantity:.3g}"
        console.print(f"  {quantity:>10} x {line.item:<38} ${line.usd:,.{digits}f}".rstrip())
