"""A growing table of an execution's states, drawn by Rich on a terminal."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ops.aws.state_machines import Workflow
from ops.durations import human
from ops.history import holds
from ops.history.follow import Snapshot
from ops.history.timeline import StateVisit, Status
from ops.program import PROGRAM
from ops.render.terminal import printable

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

MARKS: dict[Status, tuple[str, str]] = {
    "running": (">", "cyan"),
    "waiting": ("~", "yellow"),
    "retrying": ("!", "yellow"),
    "done": ("+", "green"),
    "caught": ("!", "yellow"),
    "failed": ("x", "red"),
    "aborted": ("x", "red"),
}
"""A sign and a colour for each status, so that colour is not needed to read it."""

STYLES = {"RUNNING": "cyan", "SUCCEEDED": "green"}


def status_style(status: str) -> str:
    """Return the colour of an execution's status."""
    return STYLES.get(status, "red")


def rows(snapshot: Snapshot) -> "Group":
    """Return the execution and each visit: status, start, duration and failure."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    execution, reading = snapshot.execution, snapshot.reading
    now = datetime.now(UTC)
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(4):
        table.add_column()
    for visit in reading.visits:
        mark, style = MARKS[visit.status]
        table.add_row(
            Text(visit.entered.astimezone().strftime("%H:%M:%S"), style="dim"),
            Text(f"{'  ' * visit.depth}{mark} {visit.state}", style=style),
            Text(_duration(visit, now), style="dim", justify="right"),
            Text(printable(_remark(visit)), style=style),
        )
    lasted = (execution.stopped or now) - execution.started
    head = Text.assemble(
        (execution.name, "bold"), "  ", (execution.status, status_style(execution.status)), f"  {human(lasted)}"
    )
    return Group(head, table, *_footer(snapshot, now))


def _duration(visit: StateVisit, now: datetime) -> str:
    if visit.exited:
        return human(visit.exited - visit.entered)
    return "" if visit.is_over else human(max(now - visit.entered, timedelta(0)))


def _remark(visit: StateVisit) -> str:
    if visit.status == "waiting":
        return "waits for a callback"
    if visit.failures and visit.status != "done":
        return f"{visit.failures[-1].error or 'failed'}{_tries(visit)}"
    return _tries(visit).strip(" ,") if visit.retries else ""


def _tries(visit: StateVisit) -> str:
    return f", {visit.attempts} tries" if visit.retries else ""


def _footer(snapshot: Snapshot, now: datetime) -> list["Text"]:
    from rich.text import Text

    reading = snapshot.reading
    if reading.end:
        cause = f"\n{reading.end.cause}" if reading.end.cause else ""
        return [Text(printable(f"\n{reading.end.error}{cause}"), style="red")]
    if not reading.waiting:
        return []
    subject = holds.subject(reading)
    limit = reading.waiting.timeout_seconds
    left = f", {human(reading.waiting.entered + timedelta(seconds=limit) - now)} left" if limit else ""
    if subject is None:
        return [Text(f"\nWaits for a callback{left}.", style="yellow")]
    return [
        Text(printable(f"\nWaits for {subject}{left}."), style="yellow"),
        Text(printable(how_to_decide(snapshot))),
    ]


def how_to_decide(snapshot: Snapshot) -> str:
    """Return who can decide, and with which command."""
    asked, subject = holds.read(snapshot.reading), holds.subject(snapshot.reading)
    if asked and asked.approvers:
        return f"Each approver decides by a link: {PROGRAM} holds --links"
    if snapshot.execution.workflow == Workflow.RELEASE:
        return f"Answer it in Jira, or with: {PROGRAM} callback {subject}"
    return f"Decide with: {PROGRAM} decide {subject} approve"
