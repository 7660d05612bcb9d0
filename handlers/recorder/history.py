"""Reader of the history of a release execution: facts and a timeline, without parameters.

The variables that the state machine assigns (`story`, `packageIds`, `apis`, `callback`, `failure`) are in the
`StateExited` events, each as JSON. The parameters of tasks are not copied: those of the wait hold the task token.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.execution_history import HistoryEvent, StateVisit, parsed, visited

_VARIABLES = frozenset({"story", "packageIds", "apis", "callback", "failure"})

_ENDS = {
    "ExecutionFailed": "executionFailedEventDetails",
    "ExecutionTimedOut": "executionTimedOutEventDetails",
    "ExecutionAborted": "executionAbortedEventDetails",
}

REDACTED = "[redacted]"


@dataclass(kw_only=True)
class History:
    """The facts of one history.

    Attributes:
        visits: the states in the order they were entered.
        variables: the last value of each variable that we know, parsed.
        error, cause: of an execution that did not succeed, if the history has them.
        registered_story: the story of the item that the workflow wrote, if it did.
        redriven: when the execution was last redriven; None if it never was.
    """

    visits: list[StateVisit] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    cause: str | None = None
    registered_story: str | None = None
    redriven: datetime | None = None
    _tokens: set[str] = field(default_factory=set, repr=False)

    @property
    def story_id(self) -> str | None:
        """The story that the execution waited for; None if it ended before it read one."""
        story = self.registered_story or self.variables.get("story")
        return story if isinstance(story, str) else None

    @property
    def failed_state(self) -> str | None:
        """Return the state that failed: the one that the state machine recorded, else the last one without an exit."""
        last = next((visit for visit in reversed(self.visits) if visit.exited is None), None)
        failure = self.variables.get("failure")
        if last and last.kind == "Fail" and isinstance(failure, dict) and isinstance(failure.get("state"), str):
            state: str = failure["state"]
            return state
        if last is None and self.visits:
            last = self.visits[-1]
        return last.state if last else None

    def redacted(self, text: str) -> str:
        """Return the text without this execution's task tokens: an error's cause may repeat the request."""
        for token in self._tokens:
            text = text.replace(token, REDACTED)
        return text


def read_history(events: Iterable[HistoryEvent]) -> History:
    """Read the events of an execution, first to last."""
    history = History()
    for event, visit in visited(events, StateVisit):
        kind = event["type"]
        if visit and "stateEnteredEventDetails" in event:
            history.visits.append(visit)
        elif exited := event.get("stateExitedEventDetails"):
            _assign(history, exited.get("assignedVariables") or {})
        elif scheduled := event.get("taskScheduledEventDetails"):
            _read_parameters(history, scheduled)
        elif kind == "ExecutionRedriven":
            history.redriven = event["timestamp"]
        elif kind in _ENDS:
            end = event.get(_ENDS[kind]) or {}
            history.error, history.cause = end.get("error"), end.get("cause")
    return history


def _assign(history: History, assigned: Mapping[str, str]) -> None:
    for name in _VARIABLES & assigned.keys():
        history.variables[name] = parsed(assigned[name])


def _read_parameters(history: History, scheduled: Mapping[str, Any]) -> None:
    """Take from a DynamoDB call's parameters the story that it registers, or the token, so that it can be redacted."""
    parameters = parsed(scheduled.get("parameters", ""))
    if not isinstance(parameters, dict):
        return
    story = _at(parameters, "Item", "jiraStoryId", "S")
    token = _at(parameters, "ExpressionAttributeValues", ":token", "S")
    if isinstance(story, str):
        history.registered_story = story
    if isinstance(token, str) and token:
        history._tokens.add(token)


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
