"""The final decision, if a callback follows another one."""

import pytest

from facts import CALLBACK_FAILURE
from handlers.callback.resume import Outcome, Result
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
