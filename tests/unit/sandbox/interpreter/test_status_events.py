"""Events of execution status changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.interpreter import status_events
from tests.unit.sandbox.interpreter.conftest import Aws, Tasks


class Sink:
    """Collects the events that a rule's target would get."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self.events: list[dict[str, Any]] = []
        self.seen: list[tuple[str, str]] = []

    def __call__(self, event: dict[str, Any]) -> None:
        execution = event["detail"]["executionArn"]
        described = self._aws.states.describe_execution(executionArn=execution)["status"]
        history = self._aws.history(execution)
        self.events.append(event)
        self.seen.append((described, history[-1]["type"] if history else ""))


@pytest.fixture
def sink(aws: Aws) -> Iterator[Sink]:
    """Return a sink that is there for one test."""
    found = Sink(aws)
    with status_events.sink.set(found):
        yield found


def test_a_success_is_announced_before_it_is_shown(aws: Aws, sink: Sink) -> None:
    found = aws.run({"A": {"Type": "Succeed", "Output": "done"}}, {"n": 1})

    started, ended = sink.events
    assert sink.seen == [("RUNNING", ""), ("RUNNING", "ExecutionSucceeded")]
    assert (ended["source"], ended["detail-type"]) == ("aws.states", "Step Functions Execution Status Change")
    assert ended["resources"] == [found["executionArn"]]
    detail = ended["detail"]
    assert detail == {
        "executionArn": found["executionArn"],
        "stateMachineArn": found["stateMachineArn"],
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "name": found["name"],
        "status": "SUCCEEDED",
        "startDate": int(found["startDate"].timestamp() * 1000),
        "stopDate": detail["stopDate"],
        "input": '{"n": 1}',
        "inputDetails": {"included": True},
        "output": '"done"',
        "outputDetails": {"included": True},
        "error": None,
        "cause": None,
        "redriveCount": 0,
    }
    assert detail["stopDate"] >= detail["startDate"]
    assert (started["detail"]["status"], started["detail"]["stopDate"]) == ("RUNNING", None)


def test_failures_stops_and_timeouts_are_announced(aws: Aws, tasks: Tasks, sink: Sink) -> None:
    aws.run({"A": {"Type": "Fail", "Error": "E", "Cause": "C"}})
    stopped = aws.start(aws.machine({"A": tasks.state()}))
    tasks.token(stopped)
    aws.states.stop_execution(executionArn=stopped, error="S")
    aws.ended(aws.start(aws.machine({"A": {"Type": "Wait", "Seconds": 60, "End": True}}, TimeoutSeconds=1)))

    details = [event["detail"] for event in sink.events if event["detail"]["status"] != "RUNNING"]
    assert [(detail["status"], detail["error"], detail["cause"]) for detail in details] == [
        ("FAILED", "E", "C"),
        ("ABORTED", "S", None),
        ("TIMED_OUT", "States.Timeout", None),
    ]
    assert [kind for _, kind in sink.seen if kind] == ["ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"]
    assert {described for described, _ in sink.seen} == {"RUNNING"}


def test_failing_sink_does_not_fail_the_execution(aws: Aws) -> None:
    def fail(_event: dict[str, Any]) -> None:
        raise RuntimeError("broken")

    with status_events.sink.set(fail):
        assert aws.output({"A": {"Type": "Succeed", "Output": 1}}) == 1


def test_large_data_is_left_out(aws: Aws, sink: Sink) -> None:
    aws.run({"A": {"Type": "Succeed"}}, {"text": "x" * 140_000})

    detail = sink.events[-1]["detail"]
    assert (detail["input"], detail["inputDetails"]) == (None, {"included": False})
    assert detail["outputDetails"] == {"included": True}
