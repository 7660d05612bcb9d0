"""Executions are named, stopped and described as on AWS."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.unit.sandbox.interpreter.conftest import Aws, Tasks, error_code

DONE: dict[str, Any] = {"A": {"Type": "Succeed"}}


def test_an_execution_without_a_name_gets_a_uuid(aws: Aws) -> None:
    machine = aws.machine({"A": {"Type": "Succeed", "Output": "{% $states.context.Execution.Name %}"}})

    first, second = (aws.start(machine) for _ in range(2))

    name = json.loads(aws.ended(first)["output"])
    assert uuid.UUID(name).version == 4
    assert first.endswith(f":{name}")
    assert first != second


def test_starting_twice_is_idempotent_while_it_runs(aws: Aws, tasks: Tasks) -> None:
    machine = aws.machine({"A": tasks.state()})

    with ThreadPoolExecutor(8) as pool:
        started = set(pool.map(lambda _: aws.start(machine, {"n": 1}, name="same"), range(8)))

    assert len(started) == 1
    assert error_code(aws.start, machine=machine, given={"n": 2}, name="same") == "ExecutionAlreadyExists"
    aws.states.stop_execution(executionArn=started.pop())
    assert error_code(aws.start, machine=machine, given={"n": 1}, name="same") == "ExecutionAlreadyExists"


@pytest.mark.parametrize("value", ["text", None, [1, "a"], {"é": 1}])
def test_output_is_json(aws: Aws, value: Any) -> None:
    found = aws.run({"A": {"Type": "Succeed", "Output": value}})

    assert json.loads(found["output"]) == value
    ended = aws.history(found["executionArn"])[-1]["executionSucceededEventDetails"]["output"]
    assert json.loads(ended) == value


def test_stop_ends_a_waiting_task_and_its_token(aws: Aws, tasks: Tasks) -> None:
    execution = aws.start(aws.machine({"A": tasks.state()}))
    token = tasks.token(execution)

    aws.states.stop_execution(executionArn=execution, error="Enough", cause="because")

    found = aws.states.describe_execution(executionArn=execution)
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "Enough", "because")
    assert aws.history(execution)[-1]["type"] == "ExecutionAborted"
    assert error_code(aws.states.send_task_success, taskToken=token, output="1") == "TaskTimedOut"


def test_stop_ends_waits_in_parallel_branches(aws: Aws, tasks: Tasks) -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}}
    task = {"StartAt": "T", "States": {"T": tasks.state()}}
    execution = aws.start(aws.machine({"A": {"Type": "Parallel", "Branches": [wait, task], "End": True}}))
    token = tasks.token(execution)

    aws.states.stop_execution(executionArn=execution)

    assert aws.states.describe_execution(executionArn=execution)["status"] == "ABORTED"
    assert error_code(aws.states.send_task_failure, taskToken=token) == "TaskTimedOut"


def test_timeout_of_the_machine_ends_waits(aws: Aws, tasks: Tasks) -> None:
    execution = aws.start(aws.machine({"A": tasks.state()}, TimeoutSeconds=1))
    token = tasks.token(execution)

    found = aws.ended(execution)

    assert (found["status"], found["error"]) == ("TIMED_OUT", "States.Timeout")
    assert found["stopDate"] >= found["startDate"]
    assert aws.history(execution)[-1]["type"] == "ExecutionTimedOut"
    assert error_code(aws.states.send_task_success, taskToken=token, output="1") == "TaskTimedOut"


def test_executions_are_listed_by_status(aws: Aws, tasks: Tasks) -> None:
    machine = aws.machine({"A": tasks.state()})
    running, stopped = aws.start(machine), aws.start(machine)
    aws.states.stop_execution(executionArn=stopped)

    def listed(status: str) -> list[str]:
        found = aws.states.list_executions(stateMachineArn=machine, statusFilter=status)["executions"]
        return [execution["executionArn"] for execution in found]

    assert (listed("RUNNING"), listed("ABORTED"), listed("FAILED")) == ([running], [stopped], [])
    aws.states.stop_execution(executionArn=running)


def test_running_executions_are_listed_by_start_and_ended_ones_by_end(aws: Aws, tasks: Tasks) -> None:
    machine = aws.machine({"A": tasks.state()})
    first, second, third, fourth = (aws.start(machine) for _ in range(4))
    aws.states.stop_execution(executionArn=second)
    aws.states.stop_execution(executionArn=first)

    pages = aws.states.get_paginator("list_executions").paginate(
        stateMachineArn=machine, PaginationConfig={"PageSize": 3}
    )
    listed = [each["executionArn"] for page in pages for each in page["executions"]]

    assert listed == [first, second, fourth, third]
    aws.states.stop_execution(executionArn=fourth)
    aws.states.stop_execution(executionArn=third)


def test_an_execution_keeps_the_definition_it_began_with(aws: Aws) -> None:
    machine = aws.machine(DONE)
    before = aws.states.describe_state_machine(stateMachineArn=machine)["definition"]
    execution = aws.start(machine)
    aws.states.update_state_machine(stateMachineArn=machine, definition=before.replace('"A"', '"B"'))

    found = aws.states.describe_state_machine_for_execution(executionArn=execution)

    assert (found["stateMachineArn"], found["definition"]) == (machine, before)
