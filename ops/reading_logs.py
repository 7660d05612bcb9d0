"""Prints log lines: those that were asked for, and no noise."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ops import durations
from ops.aws import functions, logs
from ops.command import Session
from ops.errors import UsageError
from ops.history import executions, timeline
from ops.history import states as history
from ops.render.log_lines import Line


def run(
    session: Session,
    sources: Sequence[str],
    *,
    since: str,
    execution: str | None,
    is_following: bool,
    is_everything: bool,
) -> None:
    """Print what is there, and what comes if somebody follows.

    Raises:
        UsageError: `since` is no duration, or there is no such source or execution.
    """
    begin = datetime.now(UTC) - _duration(since)
    words: list[str] = []
    if execution:
        found = executions.find(session.target, execution)
        reading = timeline.read(history.read(session.target.client("stepfunctions"), found.arn))
        words = logs.terms(found, reading.variable("story"), reading.variable("orderId"))
        begin = min(begin, found.started)
    chosen = sources or functions.LOG_SOURCES
    read = logs.follow if is_following else logs.read
    for line in read(session.target, chosen, begin, words):
        if is_everything or not line.is_noise:
            _print(session, line)


def _print(session: Session, line: Line) -> None:
    session.terminal.line(line.as_json())
    session.terminal.say(line.as_text())


def _duration(text: str) -> timedelta:
    try:
        return durations.parse(text)
    except ValueError as error:
        raise UsageError(f"--since: {error}") from None
