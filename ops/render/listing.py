"""Tables of executions, and of waits for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ops.aws import state_machines, stories
from ops.aws.errors import DENIED, code
from ops.aws.state_machines import StateMachine
from ops.aws.target import Target
from ops.durations import human
from ops.errors import UsageError
from ops.history import executions
from ops.history.executions import Execution
from ops.program import PROGRAM
from ops.render.table import status_style
from ops.render.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from handlers.story import Waiting

STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE")
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html"""


_MOST_COLUMNS = 1_000
"""More than the longest names need."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Executions, latest first, and waits, oldest first; None if the caller may not read the waits."""

    executions: Sequence[Execution]
    waiting: "Sequence[Waiting] | None"
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {
            "executions": [execution.as_json() for execution in self.executions],
            "waiting": None if self.waiting is None else [self._wait_as_json(wait) for wait in self.waiting],
        }

    def _wait_as_json(self, wait: "Waiting") -> dict[str, Any]:
        return {
            "jiraStoryId": wait.story_id,
            "execution": wait.execution_name,
            "waitingSince": wait.waiting_since,
            "ageSeconds": round(stories.age(wait.waiting_since, self.at).total_seconds(), 3),
            "hasCallback": wait.has_callback,
        }

    def print(self, console: "Console") -> None:
        """Print the tables."""
        self._print_executions(console)
        if self.waiting is None:
            console.print("\nWhat waits for a decision, you are not allowed to see (dynamodb:Query on the index).")
        elif self.waiting:
            console.print()
            self._print_waiting(console, self.waiting)

    def _print_executions(self, console: "Console") -> None:
        from rich.table import Table
        from rich.text import Text

        if not self.executions:
            console.print(f"There is no such execution. Start one: {PROGRAM} start")
            return
        table = Table("Execution", "Workflow", "Status", "Started", "Duration", box=None, pad_edge=False)
        for each in self.executions:
            table.add_row(
                Text(each.name),
                each.workflow,
                Text(each.status, style=status_style(each.status)),
                f"{each.started.astimezone():%Y-%m-%d %H:%M:%S}",
                human((each.stopped or self.at) - each.started),
            )
        _print_whole(console, table)

    def _print_waiting(self, console: "Console", waiting: "Sequence[Waiting]") -> None:
        from rich.table import Table
        from rich.text import Text

        table = Table("Subject", "Waited for", "Execution", "", box=None, pad_edge=False)
        for wait in waiting:
            remark = "called back, about to go on" if wait.has_callback else ""
            age = human(stories.age(wait.waiting_since, self.at))
            table.add_row(Text(printable(wait.story_id), style="yellow"), age, Text(wait.execution_name), remark)
        _print_whole(console, table)


def _print_whole(console: "Console", table: "Table") -> None:
    """Print a table without truncating names: a narrow terminal wraps the lines."""
    needed = console.measure(table, options=console.options.update(max_width=_MOST_COLUMNS)).maximum
    console.width = max(needed, console.width)
    console.print(table)


def look(target: Target, machines: Sequence[StateMachine], status: str | None, limit: int) -> Listing:
    """List the latest `limit` executions of each state machine, and the waits of these machines."""
    found = [each for machine in machines for each in islice(executions.of(target, machine, status), limit)]
    return Listing(
        executions=sorted(found, key=lambda execution: execution.started, reverse=True),
        waiting=_waiting(target, [machine.arn for machine in machines]),
        at=datetime.now(UTC),
    )


def _waiting(target: Target, machine_arns: Sequence[str]) -> "list[Waiting] | None":
    try:
        found = stories.waiting(target)
    except ClientError as error:
        if code(error) in DENIED:
            return None  # Show the rest all the same.
        raise
    return [wait for wait in found if state_machines.arn_of_machine(wait.execution_arn) in machine_arns]


def status(name: str | None) -> str | None:
    """Return a status as AWS writes it.

    Raises:
        UsageError: executions have no such status.
    """
    if name is not None and name.upper() not in STATUSES:
        raise UsageError(f"Executions have no status {name}", f"Say one of {', '.join(STATUSES)}")
    return name.upper() if name else None
