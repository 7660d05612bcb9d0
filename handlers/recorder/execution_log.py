"""The text of `execution.log`: facts as `Key: value` lines, then the timeline of the states."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from handlers.execution_history import StateVisit
from handlers.recorder.history import History
from handlers.recorder.status_change import Ending
from handlers.timestamps import timestamp

MAX_VALUE_LENGTH = 4_096
"""Keeps a line readable; result.json or error.json has the whole value."""


def render(ending: Ending, history: History) -> str:
    """Return the whole file. No value can end or forge a line, and no task token is in it."""
    lines = [f"{key}: {escaped(history.redacted(value))}" for key, value in _facts(ending, history)]
    return "\n".join([*lines, "", "Timeline:", *map(_timeline_entry, history.visits), ""])


def plain(text: str) -> str:
    """Convert the text that the state machine wrote into the file's format, with values as `render` writes them.

    Every value of that text is on one line, so that no value can forge another.
    """
    return "\n".join([*map(_plain, text.split("\n")), ""])


def _plain(line: str) -> str:
    key, colon, value = line.partition(": ")
    return f"{key}{colon}{escaped(value)}" if colon else escaped(line)


def escaped(value: str) -> str:
    """Return the value on one line; characters that are not printable become escapes, such as `\\n`."""
    cut = value if len(value) <= MAX_VALUE_LENGTH else f"{value[:MAX_VALUE_LENGTH]}... ({len(value)} characters)"
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in cut)


def _facts(ending: Ending, history: History) -> Iterator[tuple[str, str]]:
    yield "Execution", ending.name
    yield "Execution ARN", ending.execution_arn
    yield "Status", ending.status
    yield "Story", history.story_id or "unknown"
    yield "Started", timestamp(ending.started)
    yield "Stopped", timestamp(ending.stopped)
    yield "Duration", _seconds(ending.stopped - ending.started)
    packages = history.variables.get("packageIds")
    if isinstance(packages, list) and packages:
        yield "Packages", ", ".join(map(str, packages))
    for api in _dicts(history.variables.get("apis")):
        name = str(api.get("api", "unknown")).capitalize()
        yield f"{escaped(name)} status", str(api.get("status"))
        if isinstance(api.get("message"), str):
            yield f"{escaped(name)} message", api["message"]
    callback = history.variables.get("callback")
    if isinstance(callback, dict):
        yield "Callback status", str(callback.get("status"))
        yield "Callback message", str(callback.get("message"))
        yield "Callback decider", str(callback.get("decider") or "unknown")
        yield "Callback channel", str(callback.get("channel") or "unknown")
        yield "Callback identity", str(callback.get("identity") or "unknown")
        yield "Callback time", str(callback.get("completedAt") or "unknown")
    if ending.failed:
        failure = ending.failure(history)
        yield "Error", failure.error
        yield "Cause", failure.cause
        yield "State", failure.state or "unknown"


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in (value if isinstance(value, list) else []) if isinstance(each, dict))


def _timeline_entry(visit: StateVisit) -> str:
    took = _seconds(visit.exited - visit.entered) if visit.exited else "not left"
    if visit.kind in ("Fail", "Succeed") and visit.exited is None:
        took = "end"
    retries = f", {visit.retries} {'retry' if visit.retries == 1 else 'retries'}" if visit.retries else ""
    return f"  {timestamp(visit.entered)}  {escaped(visit.state)} ({took}{retries})"


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():.3f} s"
