"""An execution's history as visits of states, with times, attempts, failures and waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import handlers.execution_history as execution_history
from handlers.execution_history import ATTEMPTS, HistoryEvent, details, parsed
from ops.masking import masked

Status = Literal["running", "waiting", "retrying", "done", "caught", "failed", "aborted"]

ChangeKind = Literal["entered", "left", "waiting", "failed", "retried", "ended"]

_CALLBACK = ".waitForTaskToken"

_ENDS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A failed attempt, or an end without success; `error` is empty if AWS names none."""

    error: str
    cause: str
    at: datetime


@dataclass(kw_only=True)
class StateVisit(execution_history.StateVisit):
    """One visit of a state, with its events, its failures and what it waits for."""

    failures: list[Failure] = field(default_factory=list)
    is_waiting: bool = False
    timeout_seconds: int | None = None
    is_failing: bool = False
    is_over: bool = False
    events: list[HistoryEvent] = field(default_factory=list, repr=False)

    @property
    def depth(self) -> int:
        """Return the number of Parallel and Map states around it."""
        return self.parent.depth + 1 if self.parent else 0

    @property
    def status(self) -> Status:
        """Return its status. `caught` is a failure after which the execution continued."""
        if self.exited:
            return "caught" if self.is_failing else "done"
        if self.kind == "Fail":
            return "failed"
        if self.is_over or self.is_cut_off:
            return "failed" if self.is_failing else "aborted"
        if self.is_failing:
            return "retrying"
        return "waiting" if self.is_waiting else "running"

    @property
    def is_cut_off(self) -> bool:
        """Return whether it is inside a Parallel or Map that ended because another branch failed."""
        return self.parent is not None and (self.parent.exited is not None or self.parent.is_cut_off)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of an execution, for followers. The end of the execution has a `status` and no `visit`."""

    kind: ChangeKind
    at: datetime
    visit: StateVisit | None = None
    failure: Failure | None = None
    attempt: int = 0
    status: str = ""


@dataclass(kw_only=True)
class Timeline:
    """The timeline of a history, first to last.

    Attributes:
        visits: in the order in which they were entered.
        changes: all changes, in order; a longer history of the same execution begins with the same changes.
        end: the failure of the execution, if it did not succeed.
    """

    visits: list[StateVisit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    end: Failure | None = None
    _variables: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def waiting(self) -> StateVisit | None:
        """Return the visit that waits for a callback, if any."""
        return next((visit for visit in self.visits if visit.status == "waiting"), None)

    def variable(self, name: str) -> Any:
        """Return the last value of a variable of the state machine; None if it was never assigned."""
        return parsed(self._variables.get(name, "null"))


def read(events: Sequence[HistoryEvent]) -> Timeline:
    """Read the events of an execution, first to last."""
    reading = Timeline()
    for event, visit in execution_history.visited(events, StateVisit):
        kind, at, said = str(event["type"]), event["timestamp"], details(event)
        if kind in _ENDS or kind == "ExecutionRedriven":
            _end(reading, kind, at, said)
        elif visit:
            visit.events.append(event)
            _progress(reading, visit, kind, at, said)
    return reading


def _progress(reading: Timeline, visit: StateVisit, kind: str, at: datetime, said: Mapping[str, Any]) -> None:
    if kind.endswith("StateEntered"):
        reading.visits.append(visit)
        reading.changes.append(Change(kind="entered", at=at, visit=visit))
    elif kind.endswith("StateExited"):
        reading._variables.update(said.get("assignedVariables") or {})
        visit.is_waiting = False
        reading.changes.append(Change(kind="left", at=at, visit=visit))
    elif kind in ATTEMPTS:
        visit.is_failing = False
        visit.timeout_seconds = said.get("timeoutInSeconds")
        if visit.attempts > 1:
            reading.changes.append(Change(kind="retried", at=at, visit=visit, attempt=visit.attempts))
    elif kind.endswith(("Failed", "TimedOut")):
        failure = _failure(kind, at, said)
        visit.failures.append(failure)
        visit.is_failing, visit.is_waiting = True, False
        reading.changes.append(Change(kind="failed", at=at, visit=visit, failure=failure, attempt=visit.attempts))
    elif kind == "TaskSubmitted" and str(said.get("resource")).endswith(_CALLBACK):
        visit.is_waiting = True
        reading.changes.append(Change(kind="waiting", at=at, visit=visit))
    elif kind.endswith("Succeeded"):
        visit.is_waiting = visit.is_failing = False


def _end(reading: Timeline, kind: str, at: datetime, said: Mapping[str, Any]) -> None:
    is_over = kind in _ENDS
    for visit in reading.visits:
        visit.is_over = is_over
    reading.end = None
    if is_over and kind != "ExecutionSucceeded":
        reading.end = _failure(kind, at, said)
    if is_over:
        reading.changes.append(Change(kind="ended", at=at, failure=reading.end, status=_ENDS[kind]))


def _failure(kind: str, at: datetime, said: Mapping[str, Any]) -> Failure:
    """Return an error and its cause, both of which AWS may leave out, as after a timeout or a stop."""
    # A Parallel or a Map fails with the error of a branch, and its event does not name it.
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
    unnamed = {"TimedOut": "States.Timeout", "Aborted": "Aborted", "ParallelStateFailed": "", "MapStateFailed": ""}
    error = next((name for end, name in unnamed.items() if kind.endswith(end)), "States.Runtime")
    # A cause may repeat the request, and with it a task token.
    return Failure(error=said.get("error") or error, cause=masked(said.get("cause") or ""), at=at)
