"""The API of Step Functions takes what AWS takes, and answers what AWS answers."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.sandbox.interpreter.conftest import ROLE, Aws, Tasks, error_code

DONE: dict[str, Any] = {"A": {"Type": "Succeed"}}


@pytest.mark.parametrize("given", ["", " ", json.dumps("x" * 262_143), "NaN", '{"a": Infinity}'])
def test_an_input_that_is_empty_too_long_or_no_json_is_refused(aws: Aws, given: str) -> None:
    machine = aws.machine(DONE)

    code = error_code(aws.states.start_execution, stateMachineArn=machine, input=given)

    assert code == "InvalidExecutionInput"


def test_an_input_of_the_longest_length_is_taken(aws: Aws) -> None:
    execution = aws.states.start_execution(stateMachineArn=aws.machine(DONE), input=json.dumps("x" * 262_142))

    assert aws.ended(execution["executionArn"])["inputDetails"] == {"included": True}


def test_a_definition_over_1_mib_is_refused(aws: Aws) -> None:
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": DONE, "Comment": "x" * 1_048_576})
    create = aws.states.create_state_machine

    assert error_code(create, name=aws.name(), definition=definition, roleArn=ROLE) == "ValidationException"
    assert error_code(aws.states.validate_state_machine_definition, definition=definition) == "ValidationException"


def test_the_history_comes_in_pages_backwards_and_without_data(aws: Aws) -> None:
    states = {f"S{number}": {"Type": "Pass", "Next": f"S{number + 1}"} for number in range(60)}
    execution = aws.start(aws.machine({**states, "S60": {"Type": "Succeed"}}), {"secret": 1})
    aws.ended(execution)
    history: Callable[..., Any] = aws.states.get_execution_history

    first = history(executionArn=execution)
    last = history(executionArn=execution, reverseOrder=True, maxResults=1)
    rest = history(executionArn=execution, nextToken=first["nextToken"])
    bare = history(executionArn=execution, includeExecutionData=False)

    assert [event["type"] for event in last["events"]] == ["ExecutionSucceeded"]
    assert len(first["events"]) == 100
    assert [event["id"] for event in first["events"] + rest["events"]] == list(range(1, last["events"][0]["id"] + 1))
    assert "nextToken" not in rest
    assert "secret" in first["events"][0]["executionStartedEventDetails"]["input"]
    assert "secret" not in json.dumps(bare["events"], default=str)
    assert error_code(history, executionArn=execution, nextToken="of another") == "InvalidToken"


@pytest.mark.parametrize("output", ["NaN", "[Infinity]", ""])
def test_output_that_is_not_json_is_refused(aws: Aws, tasks: Tasks, output: str) -> None:
    execution = aws.start(aws.machine({"A": tasks.state()}))

    code = error_code(aws.states.send_task_success, taskToken=tasks.token(execution), output=output)

    assert code == "InvalidOutput"
    aws.states.stop_execution(executionArn=execution)


def test_an_error_or_cause_that_is_too_long_is_refused(aws: Aws, tasks: Tasks) -> None:
    execution = aws.start(aws.machine({"A": tasks.state()}))
    token = tasks.token(execution)

    assert error_code(aws.states.send_task_failure, taskToken=token, error="e" * 257) == "ValidationException"
    assert error_code(aws.states.send_task_failure, taskToken=token, cause="c" * 32_769) == "ValidationException"
    aws.states.send_task_failure(taskToken=token, error="e" * 256, cause="c" * 32_768)
    assert aws.ended(execution)["error"] == "e" * 256


def test_a_failure_without_error_and_cause_has_null_for_both(aws: Aws, tasks: Tasks) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% $states.errorOutput %}"}]
    execution = aws.start(aws.machine({"A": tasks.state(Catch=catch), "B": {"Type": "Succeed"}}))

    aws.states.send_task_failure(taskToken=tasks.token(execution))

    assert json.loads(aws.ended(execution)["output"]) == {"Error": None, "Cause": None}


def test_a_description_says_whether_an_execution_can_be_redriven(aws: Aws, tasks: Tasks) -> None:
    failed = aws.run({"A": {"Type": "Fail", "Error": "E"}})
    succeeded = aws.run(DONE)
    running = aws.start(aws.machine({"A": tasks.state()}))

    assert failed["redriveStatus"] == "REDRIVABLE"
    assert succeeded["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"
    assert aws.states.describe_execution(executionArn=running)["redriveStatus"] == "NOT_REDRIVABLE"
    aws.states.stop_execution(executionArn=running)


def test_the_context_counts_redrives(aws: Aws) -> None:
    found = aws.output({"A": {"Type": "Succeed", "Output": "{% $states.context.Execution.RedriveCount %}"}})

    assert found == 0


def test_a_state_machine_whose_logging_leaves_out_optional_fields_runs(aws: Aws) -> None:
    aws.client("logs").create_log_group(logGroupName="/optional")
    group = {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/optional:*"}}
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": DONE})

    for logging in ({}, {"level": "ALL"}, {"level": "ALL", "destinations": [group]}, {"destinations": [group]}):
        machine = aws.states.create_state_machine(
            name=aws.name(), definition=definition, roleArn=ROLE, loggingConfiguration=logging, tracingConfiguration={}
        )["stateMachineArn"]
        assert aws.ended(aws.start(machine))["status"] == "SUCCEEDED"
