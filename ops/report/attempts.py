"""The attempts in one visit of a state: input, result and times."""

from collections.abc import Mapping
from typing import Any

from handlers.execution_history import ATTEMPTS, HistoryEvent, details
from ops.history.timeline import StateVisit
from ops.report.formatting import milliseconds, shown

Attempt = dict[str, Any]


def of(visit: StateVisit) -> list[Attempt]:
    """Return every attempt, first to last.

    A task whose arguments failed to evaluate has no call.
    """
    found: list[Attempt] = []
    for event in visit.events:
        kind, said = str(event["type"]), details(event)
        if kind in ATTEMPTS:
            found.append(_begin(len(found) + 1, event, said))
        elif visit.kind != "Task" or kind.endswith(("StateEntered", "StateExited")):
            continue
        elif kind.endswith(("Failed", "TimedOut")):
            if not found or found[-1]["ended"]:
                found.append(_begin(len(found) + 1, event, said))
            _end(found[-1], event, "timed out" if kind.endswith("TimedOut") else "failed")
        elif found and kind.endswith("Succeeded"):
            _end(found[-1], event, "done")
        elif found and kind == "TaskSubmitted":
            found[-1]["status"] = "waiting" if str(said.get("resource")).endswith(".waitForTaskToken") else "running"
    if found and not found[-1]["ended"] and visit.status in ("aborted", "failed"):
        found[-1]["status"] = "aborted"
    return found


def _begin(number: int, event: HistoryEvent, said: Mapping[str, Any]) -> Attempt:
    return {
        "number": number,
        "status": "running",
        "started": milliseconds(event["timestamp"]),
        "ended": None,
        "resource": ":".join(said[name] for name in ("resourceType", "resource") if name in said) or None,
        "parameters": shown(said.get("parameters") or said.get("input")),
        "output": None,
        "error": None,
        "cause": None,
    }


def _end(attempt: Attempt, event: HistoryEvent, status: str) -> None:
    said = details(event)
    error = said.get("error") or ("States.Timeout" if status == "timed out" else None)
    attempt.update(
        status=status,
        ended=milliseconds(event["timestamp"]),
        output=shown(said.get("output")),
        error=shown(error),
        cause=shown(said.get("cause")),
    )
