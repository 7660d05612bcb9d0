"""Timeouts: a waiting execution is one thread, and every wait ends with its execution."""

import threading
from typing import Any

import pytest
from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import HeartbeatSeconds
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds

from tests.unit.sandbox.interpreter.conftest import Aws, Tasks

MANY = 50


class Stopped:
    """An environment that does not run any more."""

    def __init__(self) -> None:
        self.stack: list[Any] = [{"the state's": "input"}]

    def is_running(self) -> bool:
        return False


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("limit", [TimeoutSeconds(30), HeartbeatSeconds(30)])
def test_limits_of_a_stopped_execution_are_evaluated(limit: Any) -> None:
    # Else its last event has the state's input for its timeout, and GetExecutionHistory fails for good.
    stopped = Stopped()
    limit.eval(stopped)
    assert stopped.stack[-1] == 30


def test_each_waiting_execution_is_one_thread(aws: Aws, tasks: Tasks) -> None:
    machine = aws.machine({"A": tasks.state()}, TimeoutSeconds=3600)
    tasks.token(warm := aws.start(machine))
    before = threading.active_count()

    waiting = [aws.start(machine) for _ in range(MANY)]
    tokens = [tasks.token(execution) for execution in waiting]

    # The server's connections come and go by a few.
    aws.wait(lambda: threading.active_count() - before <= MANY + 10)
    for token in tokens:
        aws.states.send_task_success(taskToken=token, output="1")
    assert {aws.ended(execution)["status"] for execution in waiting} == {"SUCCEEDED"}
    aws.states.stop_execution(executionArn=warm)


def test_stop_ends_a_wait_state_and_the_pause_before_a_retry(aws: Aws, tasks: Tasks) -> None:
    retry = [{"ErrorEquals": ["Again"], "IntervalSeconds": 3600}]
    waiting = aws.start(aws.machine({"A": {"Type": "Wait", "Seconds": 3600, "End": True}}))
    pausing = aws.start(aws.machine({"A": tasks.state(Retry=retry)}))
    aws.states.send_task_failure(taskToken=tasks.token(pausing), error="Again")
    aws.wait(lambda: aws.history(pausing)[-1]["type"] == "TaskFailed")
    aws.wait(lambda: len(aws.history(waiting)) == 2)

    for execution in (waiting, pausing):
        aws.states.stop_execution(executionArn=execution)

    assert {aws.states.describe_execution(executionArn=one)["status"] for one in (waiting, pausing)} == {"ABORTED"}


def test_a_call_to_a_service_ends_at_the_tasks_timeout(aws: Aws, tasks: Tasks) -> None:
    inner = aws.machine({"A": tasks.state()})
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": {"StateMachineArn": inner, "Input": {}},
        "TimeoutSeconds": 1,
        "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "B"}],
        "Next": "B",
    }
    assert aws.output({"A": task, "B": {"Type": "Succeed", "Output": "timed out"}}) == "timed out"
