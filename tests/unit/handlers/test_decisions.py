"""The final decision, if a callback follows another one."""

from dataclasses import replace

import pytest

from facts import CALLBACK_FAILURE
from handlers.callback.answers import offered
from handlers.decisions.resume import Outcome, Result
from handlers.executions import Execution
from handlers.story import Callback
from tests.unit.handlers.conftest import put_waiting
from tests.unit.handlers.test_resume import CALLBACK, EARLIER, Bench, bench

__all__ = ["bench"]


def test_contradicting_callback_gets_the_earlier_decision(bench: Bench) -> None:
    put_waiting()
    assert bench.resumption().offer(CALLBACK, "id-1") == Result(Outcome.RESUMED, ["run-1"], "success")
    assert bench.resumption().offer(EARLIER, "id-2") == Result(Outcome.ALREADY_RESUMED, ["run-1"], "success")


@pytest.mark.parametrize(
    ("execution", "decision"),
    [(Execution(status="SUCCEEDED"), "success"), (Execution(status="FAILED", error=CALLBACK_FAILURE), "failure")],
)
@pytest.mark.parametrize("sent", [CALLBACK, EARLIER])
def test_decision_of_a_manually_resumed_task_is_the_outcome_of_its_execution(
    bench: Bench, execution: Execution, decision: str, sent: Callback
) -> None:
    put_waiting()
    bench.workflow.tokens.clear()
    bench.workflow.statuses["run-1"] = execution
    assert bench.resumption().offer(sent, "id-1") == Result(Outcome.ALREADY_RESUMED, ["run-1"], decision)  # type: ignore[arg-type]  # a str from the table above


def test_decision_is_that_of_the_latest_execution(bench: Bench) -> None:
    for number, callback in enumerate((CALLBACK, EARLIER, CALLBACK, EARLIER)):
        put_waiting(execution=f"run-{number}", registeredAt=f"2025-06-0{number + 1}T00:00:00.000Z")
        bench.workflow.tokens = {f"token-run-{number}"}
        assert bench.resumption().offer(callback, f"id-{number}").executions == [f"run-{number}"]
    again = bench.resumption().offer(EARLIER, "id-9")
    assert again == Result(Outcome.ALREADY_RESUMED, ["run-1", "run-3"], "failure")


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [(EARLIER, Outcome.RESUMED), (CALLBACK, Outcome.ALREADY_RESUMED)],
    ids=["agrees", "contradicts"],
)
def test_unsent_callback_is_sent_by_the_next_one(bench: Bench, sent: Callback, outcome: Outcome) -> None:
    put_waiting()
    bench.write_callback(EARLIER)
    assert bench.resumption().offer(sent, "id-1") == Result(outcome, ["run-1"], "failure")
    assert bench.workflow.resumed == [("token-run-1", EARLIER)]


def test_late_callback_names_the_earlier_decider(bench: Bench) -> None:
    put_waiting()
    by_ann = replace(CALLBACK, decider="Ann")
    bench.resumption().offer(by_ann, "id-1")
    for status in ("RUNNING", "SUCCEEDED"):
        bench.workflow.statuses["run-1"] = Execution(status=status)
        assert bench.resumption().offer(EARLIER, "id-2").by == by_ann


def test_delivered_decision_of_another_callback_is_named(bench: Bench) -> None:
    put_waiting()
    bench.write_callback(replace(EARLIER, decider="Ann\nLee"))
    for sent in (EARLIER, CALLBACK):
        answer = offered(sent, bench.resumption().offer(sent, "id-1"))
        assert f"Ann Lee rejected it at {EARLIER.completed_at} (api)" in answer.message


def test_the_outcome_of_an_execution_that_ended_by_hand_names_no_decider(bench: Bench) -> None:
    put_waiting()
    bench.write_callback(replace(EARLIER, decider="Ann"))
    bench.workflow.tokens.clear()
    bench.workflow.statuses["run-1"] = Execution(status="SUCCEEDED")
    assert bench.resumption().offer(CALLBACK, "id-1").by is None
