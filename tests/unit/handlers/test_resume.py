"""Effect of a callback on the executions of its story, for each state of an item and each failure."""

from dataclasses import replace
from typing import Any

import pytest

from facts import CALLBACK_FAILURE
from handlers.aws import TransientError, client
from handlers.decisions.resume import LOOK_AGAIN_SECONDS, Outcome, Result, Resumption
from handlers.executions import Execution
from handlers.stories import Stories
from handlers.story import Callback
from tests.unit.handlers.conftest import TABLE, get_item, put_item, put_waiting
from tests.unit.handlers.fake_workflow import FakeWorkflow

AT = "2025-06-03T04:30:00.000Z"
CALLBACK = Callback(jira_story_id="PROJ-1", status="success", message="Go", completed_at=AT)
EARLIER = Callback(jira_story_id="PROJ-1", status="failure", message="No", completed_at="2025-06-03T04:25:00.000Z")
TIMEOUT = "States.Timeout"


class Bench:
    """The real table, and a fake of Step Functions with one waiting token."""

    def __init__(self) -> None:
        self.stories = Stories(client("dynamodb"), TABLE)
        self.workflow = FakeWorkflow(tokens={"token-run-1"})
        self.slept: list[float] = []
        self.unmarked: list[str] = []

    def resumption(self, **changes: Any) -> Resumption:
        parts = {
            "stories": self.stories,
            "workflow": self.workflow,
            "at": AT,
            "sleep": self.slept.append,
            "on_loss": lambda story: self.unmarked.append(story.execution_name),
        }
        return Resumption(**{**parts, **changes})

    def offer(self, callback: Callback = CALLBACK) -> Outcome:
        return self.resumption().offer(callback, "id-1").outcome

    def write_callback(self, callback: Callback = EARLIER) -> None:
        [story] = self.stories.of("PROJ-1")
        self.stories.put_callback(story, callback, "id-0")


@pytest.fixture
def bench(cloud: None) -> Bench:  # noqa: ARG001 - the table is in it
    return Bench()


def test_story_without_executions_is_not_found(bench: Bench) -> None:
    assert bench.resumption().offer(CALLBACK, "id-1").executions == []
    assert bench.offer() is Outcome.NOT_FOUND


def test_waiting_execution_is_resumed_and_its_item_marked(bench: Bench) -> None:
    put_waiting()
    assert bench.offer() is Outcome.RESUMED
    assert bench.workflow.resumed == [("token-run-1", CALLBACK)]
    item = get_item()
    assert item["resumedAt"] == AT
    assert not {"taskToken", "waiting"} & item.keys()


def test_duplicate_callback_calls_nothing(bench: Bench) -> None:
    put_waiting()
    bench.offer()
    bench.workflow.failures = [AssertionError("called")]
    assert bench.offer() is Outcome.ALREADY_RESUMED


@pytest.mark.parametrize(
    ("callback_id", "outcome"),
    [("webhook-1", Outcome.ALREADY_RESUMED), ("webhook-2", Outcome.RESUMED), ("sha256:1", Outcome.RESUMED)],
    ids=["repeated", "another", "without an id of its own"],
)
def test_callback_of_an_earlier_run_does_not_decide_a_later_one(
    bench: Bench, callback_id: str, outcome: Outcome
) -> None:
    put_waiting()
    first = "sha256:1" if callback_id == "sha256:1" else "webhook-1"
    assert bench.resumption().offer(CALLBACK, first).outcome is Outcome.RESUMED
    put_waiting(execution="run-2", registeredAt="2025-06-03T04:31:00.000Z")
    bench.workflow.tokens = {"token-run-2"}
    repeated = replace(CALLBACK, completed_at="2025-06-03T04:35:00.000Z")
    assert bench.resumption().offer(repeated, callback_id).outcome is outcome
    assert ("taskToken" in get_item(execution="run-2")) == (outcome is Outcome.ALREADY_RESUMED)


def test_repeated_callback_resumes_the_executions_that_missed_it(bench: Bench) -> None:
    for execution in ("run-1", "run-2"):
        put_waiting(execution=execution)
    bench.stories.put_callback(bench.stories.of("PROJ-1")[0], CALLBACK, "webhook-1")
    bench.workflow.tokens = {"token-run-1", "token-run-2"}
    later = replace(CALLBACK, completed_at="2025-06-03T04:35:00.000Z")
    assert bench.resumption().offer(later, "webhook-1").executions == ["run-1", "run-2"]


def test_callback_soon_after_the_registration_is_parked_without_a_call(bench: Bench) -> None:
    put_item(registeredAt="2025-06-03T04:20:00.001Z")
    bench.workflow.failures = [AssertionError("called")]
    assert bench.offer() is Outcome.PARKED
    put_item(execution="run-2", registeredAt="2025-06-03T04:20:00.000Z")
    with pytest.raises(AssertionError, match="called"):
        bench.offer()


def test_callbacks_before_the_wait_are_parked(bench: Bench) -> None:
    put_item()
    assert bench.offer() is Outcome.PARKED
    assert bench.resumption().offer(EARLIER, "id-2") == Result(Outcome.PARKED, ["run-1"], "success")
    assert get_item()["callback"]["message"] == {"S": "Go"}


@pytest.mark.parametrize(
    ("execution", "outcome", "mark"),
    [
        (Execution(status="SUCCEEDED"), Outcome.ALREADY_RESUMED, "resumedAt"),
        (Execution(status="FAILED", error=CALLBACK_FAILURE), Outcome.ALREADY_RESUMED, "resumedAt"),
        (Execution(status="FAILED", error="States.DataLimitExceeded"), Outcome.GONE, "endedAt"),
        (Execution(status="TIMED_OUT"), Outcome.GONE, "endedAt"),
        (Execution(status="ABORTED"), Outcome.GONE, "endedAt"),
        (Execution(status="DELETED"), Outcome.GONE, "endedAt"),
        (Execution(status="RUNNING"), Outcome.UNAVAILABLE, None),
    ],
)
@pytest.mark.parametrize("waiting", [True, False], ids=["token refused", "no token"])
def test_outcome_without_a_valid_token_follows_the_execution(
    bench: Bench, execution: Execution, outcome: Outcome, mark: str | None, waiting: bool
) -> None:
    (put_waiting if waiting else put_item)()
    bench.workflow.tokens.clear()
    bench.workflow.statuses["run-1"] = execution
    if not waiting and outcome is Outcome.UNAVAILABLE:
        outcome = Outcome.PARKED
    assert bench.offer() is outcome
    item = get_item()
    assert [name for name in ("resumedAt", "endedAt") if name in item] == ([mark] if mark else [])
    if mark == "endedAt":
        assert item["endReason"] == (execution.error or execution.status)


def test_used_token_of_a_running_execution_is_polled_for_two_seconds(bench: Bench) -> None:
    for run in ("run-1", "run-2"):
        put_waiting(execution=run)
    bench.workflow.tokens.clear()
    assert bench.offer() is Outcome.UNAVAILABLE
    assert bench.slept == list(LOOK_AGAIN_SECONDS)
    assert sum(bench.slept) == pytest.approx(2)


def test_polling_ends_when_the_item_is_marked(bench: Bench) -> None:
    put_waiting()
    bench.workflow.tokens.clear()

    def other_marks_it(_seconds: float) -> None:
        [story] = bench.stories.of("PROJ-1")
        bench.stories.mark_resumed(story, AT)

    assert bench.resumption(sleep=other_marks_it).offer(CALLBACK, "id-1").outcome is Outcome.ALREADY_RESUMED


@pytest.mark.parametrize(("reason", "outcome"), [(TIMEOUT, Outcome.GONE), (CALLBACK_FAILURE, Outcome.ALREADY_RESUMED)])
def test_ended_item_needs_no_call(bench: Bench, reason: str, outcome: Outcome) -> None:
    put_waiting()
    bench.write_callback()
    bench.stories.mark_ended("PROJ-1", "run-1", reason=reason, at=AT, began_by=AT)
    bench.workflow.failures = [AssertionError("called")]
    assert bench.offer() is outcome


def test_ended_wait_takes_no_callback(bench: Bench) -> None:
    put_waiting()
    bench.stories.mark_ended("PROJ-1", "run-1", reason=TIMEOUT, at=AT, began_by=AT)
    assert bench.offer() is Outcome.GONE
    assert "callback" not in get_item()


def test_two_executions_of_one_story_are_both_resumed(bench: Bench) -> None:
    put_waiting(execution="run-1")
    put_waiting(execution="run-2")
    bench.workflow.tokens.add("token-run-2")
    result = bench.resumption().offer(CALLBACK, "id-1")
    assert (result.outcome, result.executions) == (Outcome.RESUMED, ["run-1", "run-2"])


@pytest.mark.parametrize(
    ("others", "outcome", "named"),
    [
        (["parked", "done", "gone"], Outcome.RESUMED, ["run-1"]),
        (["parked", "done"], Outcome.RESUMED, ["run-1"]),
    ],
)
def test_answer_for_several_executions_is_the_most_important(
    bench: Bench, others: list[str], outcome: Outcome, named: list[str]
) -> None:
    put_waiting()
    marks = {"parked": {}, "done": {"resumedAt": AT}, "gone": {"endedAt": AT, "endReason": TIMEOUT}}
    for other in others:
        put_item(execution=other, **marks[other])
    result = bench.resumption().offer(CALLBACK, "id-1")
    assert (result.outcome, result.executions) == (outcome, named)
    again = bench.resumption().offer(CALLBACK, "id-2")
    assert (again.outcome, again.executions) == (Outcome.PARKED, ["parked"])


def test_old_executions_do_not_hide_the_outcome_of_the_new_one(bench: Bench) -> None:
    put_item(execution="old", endedAt=AT, endReason=TIMEOUT)
    put_item(execution="new", resumedAt=AT)
    assert bench.offer() is Outcome.ALREADY_RESUMED


def test_transient_failure_of_one_execution_does_not_stop_the_others(bench: Bench) -> None:
    put_waiting(execution="run-1")
    put_waiting(execution="run-2")
    bench.workflow.tokens.add("token-run-2")
    bench.workflow.failures = [TransientError("ThrottlingException")]
    first = bench.resumption().offer(CALLBACK, "id-1")
    assert (first.outcome, first.executions) == (Outcome.UNAVAILABLE, ["run-1"])
    assert [token for token, _ in bench.workflow.resumed] == ["token-run-2"]
    second = bench.resumption().offer(CALLBACK, "id-1")
    assert (second.outcome, second.executions) == (Outcome.RESUMED, ["run-1"])


def test_lasting_failure_is_raised_after_all_executions(bench: Bench) -> None:
    put_waiting(execution="run-1")
    put_waiting(execution="run-2")
    bench.workflow.tokens.add("token-run-2")
    bench.workflow.failures = [PermissionError("denied")]
    with pytest.raises(PermissionError):
        bench.offer()
    assert [token for token, _ in bench.workflow.resumed] == ["token-run-2"]


def test_failed_mark_after_the_send_is_reported(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    put_waiting()

    def fail(*_: Any) -> None:
        raise TransientError("ThrottlingException")

    monkeypatch.setattr(bench.stories, "mark_resumed", fail)
    assert bench.offer() is Outcome.RESUMED
    assert bench.unmarked == ["run-1"]
    assert get_item()["waiting"] == "story"
