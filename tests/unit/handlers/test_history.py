"""The recorder's reading of a history: invalid JSON does not fail it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.recorder.history import read_history

NOW = datetime(2025, 6, 3, tzinfo=UTC)
ENTERED = {
    "id": 1,
    "type": "TaskStateEntered",
    "timestamp": NOW,
    "stateEnteredEventDetails": {"name": "Validation"},
}

DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize("text", [DEEP, '{"a":' * 100_000, "9" * 5000, "{", "", "\ud800", "null", '"text"'])
def test_invalid_parameters_are_ignored(text: str) -> None:
    scheduled = {"id": 2, "previousEventId": 1, "type": "TaskScheduled", "timestamp": NOW}
    history = read_history([ENTERED, {**scheduled, "taskScheduledEventDetails": {"parameters": text}}])
    assert [visit.state for visit in history.visits] == ["Validation"]
    assert history.story_id is None


@pytest.mark.parametrize("text", [DEEP, "{"])
def test_invalid_variable_is_unknown(text: str) -> None:
    details: dict[str, Any] = {"name": "Validation", "assignedVariables": {"story": text}}
    exited = {"id": 2, "previousEventId": 1, "type": "TaskStateExited", "timestamp": NOW}
    history = read_history([ENTERED, {**exited, "stateExitedEventDetails": details}])
    assert history.story_id is None
