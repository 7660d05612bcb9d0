"""`logs`: log lines of functions, state machines and APIs."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from ops import durations
from ops.aws import functions
from ops.command import Session
from ops.errors import UsageError
from ops.history import executions, holds, timeline
from ops.history import logs as log_groups
from ops.history import states as history

EXAMPLES = (
    "logs",
    "logs callback recorder --since 2h",
    "logs --execution PROJ-12345",
    "logs --follow",
    "logs payment --all --json",
)


def _sources() -> list[str]:
    return [*functions.LOG_SOURCES, *functions.API_LOGS]


def logs(
    session: Session,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Functions, workflows (their state machines), callback-api or mock-apis.",
            show_default="all functions and state machines",
            autocompletion=_sources,
        ),
    ] = None,
    since: Annotated[str, typer.Option(help="How far back: 90s, 10m, 2h or 1d.")] = "15m",
    execution: Annotated[
        str | None, typer.Option(help="Only lines about this execution, or about its story, order or subject.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Follow new lines until Ctrl-C.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also the platform's own lines, metrics, and lines of libraries.")
    ] = False,
) -> None:
    """Print log lines, oldest first. Tokens are masked.

    With --json every line is a JSON document.
    """
    begin = datetime.now(UTC) - _duration(since)
    words: list[str] = []
    if execution:
        found = executions.find(session.target, execution)
        reading = timeline.read(history.read(session.target.client("stepfunctions"), found.arn))
        words = log_groups.terms(found, holds.subject(reading), reading.variable("orderId"))
        begin = min(begin, found.started)
    chosen = sources or functions.sources(session.target)
    read = log_groups.follow if follow else log_groups.read
    for line in read(session.target, chosen, begin, words):
        if everything or not line.is_noise:
            session.terminal.line(line.as_json())
            session.terminal.say(line.as_text())


def _duration(text: str) -> timedelta:
    try:
        return durations.parse(text)
    except ValueError as error:
        raise UsageError(f"--since: {error}") from None
