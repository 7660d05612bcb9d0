"""Task tokens: used once, invalid after the end of their wait."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from sandbox.token_store import new_token
from tests.unit.sandbox.interpreter.conftest import Aws, Tasks, error_code


def test_success_gives_the_task_its_output(aws: Aws, tasks: Tasks) -> None:
    execution = aws.start(aws.machine({"A": tasks.state()}))
    token = tasks.token(execution)

    aws.states.send_task_success(taskToken=token, output='{"a": [1, null]}')

    assert json.loads(aws.ended(execution)["output"]) == {"a": [1, None]}
    assert len(token) > 600


def test_failure_is_caught_with_error_and_cause(aws: Aws, tasks: Tasks) -> None:
    catch = [{"ErrorEquals": ["NotDone"], "Next": "B", "Output": "{% $states.errorOutput %}"}]
    execution = aws.start(aws.machine({"A": tasks.state(Catch=catch), "B": {"Type": "Succeed"}}))

    aws.states.send_task_failure(taskToken=tasks.token(execution), error="NotDone", cause="it is not")

    assert json.loads(aws.ended(execution)["output"]) == {"Error": "NotDone", "Cause": "it is not"}


def test_used_token_is_refused_with_the_message_of_aws(aws: Aws, tasks: Tasks) -> None:
    execution = aws.start(aws.machine({"A": tasks.state()}))
    token = tasks.token(execution)
    aws.states.send_task_success(taskToken=token, output="1")

    with pytest.raises(ClientError) as refused:
        aws.states.send_task_success(taskToken=token, output="2")

    assert refused.value.response["Error"] == {
        "Code": "TaskTimedOut",
        "Message": "Task Timed Out: 'Provided task does not exist anymore'",
    }
    assert error_code(aws.states.send_task_failure, taskToken=token) == "TaskTimedOut"
    assert error_code(aws.states.send_task_heartbeat, taskToken=token) == "TaskTimedOut"
    assert aws.ended(execution)["output"] == "1"


@pytest.mark.parametrize(
    ("token", "code"), [("garbage", "InvalidToken"), (new_token(), "TaskDoesNotExist")], ids=["garbage", "unknown"]
)
def test_unknown_token_is_refused(aws: Aws, token: str, code: str) -> None:
    assert error_code(aws.states.send_task_success, taskToken=token, output="1") == code
    assert error_code(aws.states.send_task_failure, taskToken=token) == code
    assert error_code(aws.states.send_task_heartbeat, taskToken=token) == code


def test_output_that_is_not_json_leaves_the_task_waiting(aws: Aws, tasks: Tasks) -> None:
    execution = aws.start(aws.machine({"A": tasks.state()}))
    token = tasks.token(execution)

    assert error_code(aws.states.send_task_success, taskToken=token, output="{") == "InvalidOutput"
    aws.states.send_task_success(taskToken=token, output='"text"')
    assert aws.ended(execution)["output"] == '"text"'


def test_one_of_many_concurrent_answers_wins(aws: Aws, tasks: Tasks) -> None:
    execution = aws.start(aws.machine({"A": tasks.state()}))
    token = tasks.token(execution)

    def answer(number: int) -> str:
        try:
            aws.states.send_task_success(taskToken=token, output=str(number))
        except ClientError as refused:
            return str(refused.response["Error"]["Code"])
        return str(number)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(answer, range(20)))

    winners = [found for found in answers if found.isdigit()]
    assert len(winners) == 1
    assert answers.count("TaskTimedOut") == 19
    assert aws.ended(execution)["output"] == winners[0]


def test_retry_has_a_new_token(aws: Aws, tasks: Tasks) -> None:
    retry = [{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxDelaySeconds": 1, "JitterStrategy": "FULL"}]
    execution = aws.start(aws.machine({"A": tasks.state(Retry=retry)}))
    first = tasks.token(execution)
    aws.states.send_task_failure(taskToken=first, error="Again")

    second = tasks.token(execution, attempt=1)

    assert second != first
    assert error_code(aws.states.send_task_success, taskToken=first, output="1") == "TaskTimedOut"
    aws.states.send_task_success(taskToken=second, output="2")
    assert aws.ended(execution)["output"] == "2"


def test_token_is_invalid_after_a_caught_timeout(aws: Aws, tasks: Tasks) -> None:
    catch = [{"ErrorEquals": ["States.Timeout"], "Next": "B"}]
    states = {"A": tasks.state(timeout=1, Catch=catch, Next="B"), "B": tasks.state(key="b")}
    execution = aws.start(aws.machine(states))
    token = tasks.token(execution)
    tasks.token(execution, key="b")

    assert error_code(aws.states.send_task_success, taskToken=token, output="1") == "TaskTimedOut"
    aws.states.stop_execution(executionArn=execution)


def test_a_missing_heartbeat_ends_the_task(aws: Aws, tasks: Tasks) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% $states.errorOutput.Error %}"}]
    states = {"A": tasks.state(HeartbeatSeconds=1, Catch=catch), "B": {"Type": "Succeed"}}
    execution = aws.start(aws.machine(states))
    aws.states.send_task_heartbeat(taskToken=tasks.token(execution))

    assert json.loads(aws.ended(execution)["output"]) in ("States.Timeout", "States.HeartbeatTimeout")
