"""The demonstration prints the states of a run as they come."""

from datetime import UTC, datetime

import pytest

from examples.printing import Progress

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ENTERED = {"id": 1, "type": "PassStateEntered", "timestamp": NOON, "stateEnteredEventDetails": {"name": "Check"}}
STARTED = {"id": 2, "type": "TaskStarted", "timestamp": NOON, "taskStartedEventDetails": {}}
EXITED = {"id": 3, "type": "PassStateExited", "timestamp": NOON, "stateExitedEventDetails": {"name": "Check"}}


def test_progress_prints_each_state_once_on_entry_and_once_on_exit(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    progress.update([ENTERED])
    progress.update([ENTERED, STARTED])
    progress.update([ENTERED, STARTED, EXITED])

    assert capsys.readouterr().out == "  12:00:00  > Check\n  12:00:00  < Check\n"
    assert progress.entered == {"Check"}
