"""The sweeper, on an emulated AWS."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.aws import TransientError
from handlers.executions import Execution
from handlers.stories import stories
from handlers.story import Callback
from handlers.sweeper import sweep as sweep_module
from handlers.sweeper.sweep import SweepError, handler
from tests.unit.handlers.conftest import Context, event, get_item, put_waiting
from tests.unit.handlers.fake_workflow import FakeWorkflow

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def workflow(monkeypatch: pytest.MonkeyPatch) -> FakeWorkflow:
    fake = FakeWorkflow(tokens={f"token-run-{number}" for number in range(5)})
    monkeypatch.setattr(sweep_module, "executions", lambda: fake)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return fake


def park(execution: str) -> None:
    """Store a callback whose sender crashed before it sent the token."""
    story = stories().read("PROJ-1", execution)
    assert story
    callback = Callback(jira_story_id="PROJ-1", status="success", message="Go", completed_at="2025-06-03T04:21:00.000Z")
    stories().put_callback(story, callback, "id-1")


def just_now() -> str:
    return datetime.now(UTC).isoformat()


def published(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return next(line for line in lines if "_aws" in line)


def test_sweep_resumes_a_parked_callback(workflow: FakeWorkflow, capsys: pytest.CaptureFixture[str]) -> None:
    put_waiting(execution="run-1", waitingSince=just_now())
    put_waiting(execution="run-2", waitingSince=just_now())
    park("run-1")
    assert handler(event("scheduled"), Context()) == {"waiting": 2, "resumed": 1, "reminded": 0, "left": 0}
    assert [token for token, _ in workflow.resumed] == ["token-run-1"]
    assert "resumedAt" in get_item(execution="run-1")
    assert get_item(execution="run-2")["waiting"] == "story"
    metrics = published(capsys)
    assert (metrics["WaitingStories"], metrics["StoriesResumedBySweeper"]) == ([2.0], [1.0])
    assert 0 <= metrics["OldestWaitingStoryAge"][0] < 60


def test_sweep_without_waits(workflow: FakeWorkflow, capsys: pytest.CaptureFixture[str]) -> None:
    assert handler(event("scheduled"), Context())["waiting"] == 0
    assert workflow.resumed == []
    assert published(capsys)["OldestWaitingStoryAge"] == [0.0]


@pytest.mark.parametrize(
    ("execution", "reason"),
    [(Execution(status="TIMED_OUT"), "TIMED_OUT"), (Execution(status="FAILED", error="Odd"), "Odd"), (None, None)],
)
def test_overdue_wait_of_an_ended_execution_is_closed(
    workflow: FakeWorkflow, execution: Execution | None, reason: str | None
) -> None:
    put_waiting()
    if execution:
        workflow.statuses["run-1"] = execution
    handler(event("scheduled"), Context())
    item = get_item()
    assert item.get("endReason") == reason
    assert ("waiting" in item) == (reason is None)


def test_wait_within_its_timeout_is_kept(workflow: FakeWorkflow) -> None:
    put_waiting(waitingSince=just_now())
    workflow.failures = [AssertionError("called")]
    handler(event("scheduled"), Context())
    assert get_item()["waiting"] == "story"


def test_failure_of_one_wait_fails_the_function_after_the_others(workflow: FakeWorkflow) -> None:
    for number, minute in ((1, "01"), (2, "02")):
        put_waiting(execution=f"run-{number}", waitingSince=f"2025-06-03T04:{minute}:00.000Z")
        park(f"run-{number}")
    workflow.failures = [TransientError("token-run-1 is in this text")]
    with pytest.raises(SweepError, match="1 of 2 waits could not be swept: run-1") as failed:
        handler(event("scheduled"), Context())
    assert "token-run-1" not in str(failed.value)
    assert [token for token, _ in workflow.resumed] == ["token-run-2"]


def test_used_token_of_a_running_execution_is_reported(workflow: FakeWorkflow) -> None:
    put_waiting(waitingSince=just_now())
    park("run-1")
    workflow.tokens.clear()
    with pytest.raises(SweepError, match="run-1"):
        handler(event("scheduled"), Context())


def test_sweep_stops_in_time_and_publishes_its_metrics(
    workflow: FakeWorkflow, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    put_waiting()
    park("run-1")
    context.remaining = 1000
    assert handler(event("scheduled"), context) == {"waiting": 1, "resumed": 0, "reminded": 0, "left": 1}
    assert workflow.resumed == []
    assert published(capsys)["WaitingStories"] == [1.0]
