"""Reader of an execution's history, which assigns each event to a visit of a state.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar

HistoryEvent = Mapping[str, Any]
"""One event as GetExecutionHistory returns it."""

ATTEMPTS = ("TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled")
"""Events that begin an attempt of a task: the first, and one for every retry."""

_BEGINS_BRANCHES = ("ParallelStateStarted", "MapStateStarted", "MapIterationStarted")


@dataclass(kw_only=True)
class StateVisit:
    """One visit of a state; `parent` is the visit of the Parallel or Map around it."""

    state: str
    kind: str
    entered: datetime
    exited: datetime | None = None
    attempts: int = 0
    parent: Self | None = field(default=None, repr=False)

    @property
    def retries(self) -> int:
        """Return the number of retries of the state's task."""
        return max(self.attempts - 1, 0)


V = TypeVar("V", bound=StateVisit)


def visited(events: Iterable[HistoryEvent], visit_type: type[V]) -> Iterator[tuple[HistoryEvent, V | None]]:
    """Yield every event, first to last, with its visit as it is after the event."""
    visit_of: dict[int, V] = {}
    begins_branches: set[int] = set()
    for event in events:
        kind, before = str(event["type"]), event.get("previousEventId", 0)
        visit = visit_of.get(before)
        if kind.endswith("StateEntered"):
            around = visit if visit is None or before in begins_branches else visit.parent
            name = event["stateEnteredEventDetails"]["name"]
            state_kind = kind.removesuffix("StateEntered")
            visit = visit_type(state=name, kind=state_kind, entered=event["timestamp"], parent=around)
        elif kind.endswith("StateExited"):
            visit = _open_visit(visit, event["stateExitedEventDetails"]["name"])
            if visit:
                visit.exited = event["timestamp"]
        elif visit:
            visit = _container(visit, kind) or visit
            visit.attempts += kind in ATTEMPTS
        if kind in _BEGINS_BRANCHES:
            begins_branches.add(event["id"])
        if visit:
            visit_of[event["id"]] = visit
        yield event, visit


def details(event: HistoryEvent) -> Mapping[str, Any]:
    """Return the details of an event; each kind of event names them differently."""
    return next((value or {} for name, value in event.items() if name.endswith("EventDetails")), {})


def parsed(text: str) -> Any:
    """Parse JSON of an event; None if it is not JSON, because AWS truncates long data."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _open_visit(visit: V | None, state: str) -> V | None:
    """Return the visit that an exit ends. Before a Parallel exits, the previous event is of one of its branches."""
    while visit and (visit.state != state or visit.exited):
        visit = visit.parent
    return visit


def _container(visit: V, kind: str) -> V | None:
    """Return the visit of the Parallel or Map of this event; the previous event is of one of its branches."""
    found: V | None = visit
    while found and not (found.kind in ("Parallel", "Map") and kind.startswith(found.kind)):
        found = found.parent
    return found
