"""`describe`: the current status of one execution, in a few lines."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ops.command import OfWorkflow, Session
from ops.durations import human
from ops.execution_argument import NamedOrLatest, find
from ops.history import holds
from ops.history.follow import Snapshot, look
from ops.history.timeline import StateVisit
from ops.json_text import parsed
from ops.program import PROGRAM
from ops.render.table import how_to_decide, status_style
from ops.render.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console

EXAMPLES = ("describe", "describe PROJ-12345", "describe expense-42 --workflow expenses --json")


def describe(
    session: Session,
    execution: NamedOrLatest = None,
    workflow: OfWorkflow = None,
) -> None:
    """Print the current status of an execution: its states, what it waits for, how it ended."""
    found = find(session, execution, workflow)
    snapshot = look(session.target, found)
    session.terminal.show(as_json(snapshot), lambda console: show(console, snapshot))


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """Return the JSON output."""
    execution, waiting = snapshot.execution, snapshot.reading.waiting
    asked = holds.read(snapshot.reading)
    return {
        **execution.as_json(),
        "states": [{"state": each.state, "status": each.status, "since": each.entered} for each in _active(snapshot)],
        "waitsFor": {
            "subject": holds.subject(snapshot.reading),
            "title": asked.title if asked else None,
            "details": asked.details if asked else None,
            "endsAt": _end(waiting),
        }
        if waiting
        else None,
        "output": parsed(execution.output),
        "error": execution.error,
        "cause": execution.cause,
    }


def show(console: "Console", snapshot: Snapshot) -> None:
    """Print the status."""
    from rich.text import Text

    execution, now = snapshot.execution, datetime.now(UTC)
    lasted = human((execution.stopped or now) - execution.started)
    console.print(
        Text.assemble(
            (execution.name, "bold"),
            f"  {execution.workflow}  ",
            (execution.status, status_style(execution.status)),
            f"  {lasted}",
        ),
        soft_wrap=True,
    )
    for visit in _active(snapshot):
        console.print(f"In {visit.state} since {visit.entered.astimezone():%Y-%m-%d %H:%M:%S}: {visit.status}")
    for line in _wait(snapshot, now):
        console.print(printable(line), soft_wrap=True)
    if execution.error:
        console.print(printable(f"{execution.error}: {execution.cause or ''}"), style="red", soft_wrap=True)
    if execution.output:
        console.print(printable(execution.output), soft_wrap=True)
    if execution.is_over:
        console.print(f"Read more with: {PROGRAM} results {execution.name}", soft_wrap=True)


def _wait(snapshot: Snapshot, now: datetime) -> list[str]:
    waiting, subject = snapshot.reading.waiting, holds.subject(snapshot.reading)
    if waiting is None or subject is None:
        return []
    asked, end = holds.read(snapshot.reading), _end(waiting)
    left = f", {human(end - now)} left" if end else ""
    titles = [each for each in (asked.title, asked.details) if each] if asked else []
    return [f"Waits for a decision on {subject}{left}", *titles, how_to_decide(snapshot)]


def _active(snapshot: Snapshot) -> list[StateVisit]:
    """Return the current states of the execution: more than one inside a Parallel or a Map."""
    return [visit for visit in snapshot.reading.visits if visit.status in ("running", "waiting", "retrying")]


def _end(visit: StateVisit) -> datetime | None:
    return visit.entered + timedelta(seconds=visit.timeout_seconds) if visit.timeout_seconds else None
