"""Views of an execution that is followed: a live table on a terminal, lines in a pipe, JSON lines for a program."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

from ops.durations import human
from ops.history import holds
from ops.history.follow import Snapshot
from ops.history.timeline import Change, StateVisit
from ops.render.table import how_to_decide, rows
from ops.render.terminal import Terminal, printable

REFRESH_SECONDS = 0.25


class View(Protocol):
    """Shows each snapshot, and waits until the next."""

    def take(self, snapshot: Snapshot) -> None: ...


@contextmanager
def view(terminal: Terminal) -> Iterator[View]:
    """Return the view for the terminal."""
    if terminal.is_live:
        from rich.live import Live

        with Live(console=terminal.console, auto_refresh=False, vertical_overflow="visible") as live:
            yield _LiveView(live)
    else:
        yield _LineView(terminal)


class _LiveView:
    def __init__(self, live: Any) -> None:
        self._live = live

    def take(self, snapshot: Snapshot) -> None:
        until = time.monotonic() + snapshot.next_look
        while True:
            self._live.update(rows(snapshot), refresh=True)
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, REFRESH_SECONDS))


class _LineView:
    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._shown = 0

    def take(self, snapshot: Snapshot) -> None:
        changes = snapshot.reading.changes
        for change in changes[self._shown :]:
            if change.kind != "ended":  # The last line has more details.
                self._terminal.line(change_as_json(change, snapshot))
            self._terminal.say(f"  {change.at.astimezone():%H:%M:%S}  {change_as_text(change, snapshot)}")
        self._shown = len(changes)
        time.sleep(snapshot.next_look)


def change_as_json(change: Change, snapshot: Snapshot) -> dict[str, Any]:
    """Return a JSON line: `event`, `at`, and the fields of that event."""
    said: dict[str, Any] = {"event": change.kind, "at": change.at}
    if change.visit:
        said |= {"state": change.visit.state, "type": change.visit.kind}
    if change.kind == "left" and change.visit:
        said["seconds"] = took(change.visit).total_seconds()
    if change.kind in ("failed", "retried"):
        said["attempt"] = change.attempt
    if change.failure:
        said |= {"error": change.failure.error or None, "cause": change.failure.cause}
    if change.kind == "waiting" and change.visit:
        said |= {"jiraStoryId": holds.subject(snapshot.reading), "timeoutSeconds": change.visit.timeout_seconds}
    return said


def change_as_text(change: Change, snapshot: Snapshot) -> str:
    """Return a line for a person."""
    visit = change.visit
    if visit is None:
        return f"= {change.status}" + (f": {change.failure.error}" if change.failure else "")
    state = "  " * visit.depth + visit.state
    match change.kind:
        case "left":
            return f"< {state} ({human(took(visit))})"
        case "failed" if change.failure:
            return f"! {state} failed" + (f": {change.failure.error}" if change.failure.error else "")
        case "retried":
            return f"> {state} again (try {change.attempt})"
        case "waiting":
            return f"~ {state}: {waits_for(visit, snapshot)}"
        case _:
            return f"> {state}"


def took(visit: StateVisit) -> timedelta:
    """Return the duration of a visit that is over."""
    return (visit.exited or visit.entered) - visit.entered


def waits_for(visit: StateVisit, snapshot: Snapshot) -> str:
    """Describe what a visit waits for, and its deadline."""
    subject = holds.subject(snapshot.reading)
    limit = visit.timeout_seconds
    until = f" until {(visit.entered + timedelta(seconds=limit)).astimezone():%Y-%m-%d %H:%M:%S}" if limit else ""
    answer = f". {how_to_decide(snapshot)}" if subject else ""
    return printable(f"waits for {subject or 'a callback'}{until}{answer}")
