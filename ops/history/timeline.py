"""An execution's history, read as its visits to states: when, how often tried, what failed, what waits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from ops.history.states import ATTEMPTS, HistoryEvent
from ops.render.masking import masked

Status = Literal["running", "waiting", "retrying", "done", "caught", "failed", "aborted"]

ChangeKind = Literal["entered", "left", "waiting", "failed", "retried", "ended"]

_CALLBACK = ".waitForTaskToken"

_BEGINS_BRANCHES = ("ParallelStateStarted", "MapStateStarted", "MapIterationStarted")

_ENDS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A try that failed, or an end that was no success."""

    error: str
    cause: str
    at: datetime


@dataclass(kw_only=True)
class StateVisit:
    """One visit of a state. `depth` is the number of Parallel and Map states around it; `events` are its own."""

    state: str
    kind: str
    depth: int
    entered: datetime
    exited: datetime | None = None
    tries: int = 0
    failures: list[Failure] = field(default_factory=list)
    is_waiting: bool = False
    timeout_seconds: int | None = None
    is_failing: bool = False
    is_over: bool = False
    parent: "StateVisit | None" = field(default=None, repr=False)
    events: list[HistoryEvent] = field(default_factory=list, repr=False)

    @property
    def retries(self) -> int:
        """Return the number of retries of its task."""
        return max(self.tries - 1, 0)

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
        """Return whether it is inside of a Parallel or Map that ended because another branch failed."""
        return self.parent is not None and (self.parent.exited is not None or self.parent.is_cut_off)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change, for followers of an execution. The end of the execution has a `status` and no `visit`."""

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
        changes: all changes, in order; a longer history of the same execution begins with the same ones.
        end: the failure of the execution, if it did not succeed.
    """

    visits: list[StateVisit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    end: Failure | None = None
    _variables: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def waiting(self) -> StateVisit | None:
        """The visit that waits for a callback, if any."""
        return next((visit for visit in self.visits if visit.status == "waiting"), None)

    def variable(self, name: str) -> Any:
        """Return the last value of a variable of the state machine; None where it never got one."""
        try:
            return json.loads(self._variables.get(name, "null"))
        except ValueError:
            return None  # AWS cuts off what is too long for an event.


def read(events: Sequence[HistoryEvent]) -> Timeline:
    """Read the events of an execution, first to last, as far as there are any."""
    reading = Timeline()
    visit_of: dict[int, StateVisit] = {}
    begins_branches: set[int] = set()
    for event in events:
        kind, at, before = str(event["type"]), event["timestamp"], event.get("previousEventId", 0)
        visit = visit_of.get(before)
        if kind.endswith("StateEntered"):
            visit = _enter(reading, event, kind, visit, is_first=before in begins_branches)
        elif kind.endswith("StateExited"):
            visit = _leave(reading, event, visit)
        elif kind in _ENDS or kind == "ExecutionRedriven":
            _end(reading, kind, at, _details(event))
            continue
        elif visit:
            visit = _of_kind(visit, kind)
            _progress(reading, visit, kind, at, _details(event))
        if kind in _BEGINS_BRANCHES:
            begins_branches.add(event["id"])
        if visit:
            visit_of[event["id"]] = visit
            visit.events.append(event)
    return reading


def _of_kind(visit: StateVisit, kind: str) -> StateVisit:
    """Whose event it is: when a Parallel or Map fails or succeeds, the event before was one of its branches'."""
    container = next((each for each in ("Parallel", "Map") if kind.startswith(each)), None)
    found: StateVisit | None = visit
    while container and found and found.kind != container:
        found = found.parent
    return found or visit


def _enter(
    reading: Timeline, event: HistoryEvent, kind: str, before: StateVisit | None, *, is_first: bool
) -> StateVisit:
    parent = before if is_first else before.parent if before else None
    visit = StateVisit(
        state=event["stateEnteredEventDetails"]["name"],
        kind=kind.removesuffix("StateEntered"),
        depth=parent.depth + 1 if parent else 0,
        entered=event["timestamp"],
        parent=parent,
    )
    reading.visits.append(visit)
    reading.changes.append(Change(kind="entered", at=visit.entered, visit=visit))
    return visit


def _leave(reading: Timeline, event: HistoryEvent, visit: StateVisit | None) -> StateVisit | None:
    details = event["stateExitedEventDetails"]
    reading._variables.update(details.get("assignedVariables") or {})
    # Before a Parallel is left, the last event was one of its branches'.
    while visit and (visit.state != details["name"] or visit.exited):
        visit = visit.parent
    if visit:
        visit.exited, visit.is_waiting = event["timestamp"], False
        reading.changes.append(Change(kind="left", at=event["timestamp"], visit=visit))
    return visit


def _progress(reading: Timeline, visit: StateVisit, kind: str, at: datetime, details: Mapping[str, Any]) -> None:
    if kind in ATTEMPTS:
        visit.tries += 1
        visit.is_failing = False
        visit.timeout_seconds = details.get("timeoutInSeconds")
        if visit.tries > 1:
            reading.changes.append(Change(kind="retried", at=at, visit=visit, attempt=visit.tries))
    elif kind.endswith(("Failed", "TimedOut")):
        failure = _failure(kind, at, details)
        visit.failures.append(failure)
        visit.is_failing, visit.is_waiting = True, False
        reading.changes.append(Change(kind="failed", at=at, visit=visit, failure=failure, attempt=visit.tries))
    elif kind == "TaskSubmitted" and str(details.get("resource")).endswith(_CALLBACK):
        visit.is_waiting = True
        reading.changes.append(Change(kind="waiting", at=at, visit=visit))
    elif kind.endswith("Succeeded"):
        visit.is_waiting = visit.is_failing = False


def _end(reading: Timeline, kind: str, at: datetime, details: Mapping[str, Any]) -> None:
    is_over = kind in _ENDS
    for visit in reading.visits:
        visit.is_over = is_over
    reading.end = None
    if is_over and kind != "ExecutionSucceeded":
        reading.end = _failure(kind, at, details)
    if is_over:
        reading.changes.append(Change(kind="ended", at=at, failure=reading.end, status=_ENDS[kind]))


def _failure(kind: str, at: datetime, details: Mapping[str, Any]) -> Failure:
    """Return an error and its cause, which AWS leaves out where a timeout or a stop says it all."""
    unnamed = {"TimedOut": "States.Timeout", "Aborted": "Aborted"}
    error = next((name for end, name in unnamed.items() if kind.endswith(end)), "States.Runtime")
    # A cause may repeat what was sent, and with it a task token.
    return Failure(error=details.get("error") or error, cause=masked(details.get("cause") or ""), at=at)


def _details(event: HistoryEvent) -> Mapping[str, Any]:
    """Every kind of event keeps its details under a name of its own."""
    return next((value or {} for name, value in event.items() if name.endswith("EventDetails")), {})
