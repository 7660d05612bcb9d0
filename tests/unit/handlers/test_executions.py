"""Calls of Step Functions, and the meaning of its errors."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from handlers.aws import TransientError
from handlers.executions import MAX_CAUSE_BYTES, MAX_OUTPUT_BYTES, Executions, TokenRefusedError
from handlers.story import Callback

ARN = "arn:aws:states:us-east-1:123456789012:execution:release:run-1"


def callback(message: str = "Go", status: Any = "success") -> Callback:
    return Callback(jira_story_id="PROJ-1", status=status, message=message, completed_at="2025-06-03T04:21:00.000Z")


@pytest.fixture
def stub() -> Iterator[Stubber]:
    with Stubber(boto3.client("stepfunctions", region_name="us-east-1")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def executions(stub: Stubber) -> Executions:
    return Executions(stub.client)


def test_success_is_sent_as_the_output_of_the_task(stub: Stubber, executions: Executions) -> None:
    output = json.dumps(callback().as_output())
    stub.add_response("send_task_success", {}, {"taskToken": "t", "output": output})
    executions.resume("t", callback())


def test_failure_is_sent_as_the_error_of_the_task(stub: Stubber, executions: Executions) -> None:
    expected = {"taskToken": "t", "error": "JiraCallbackFailure", "cause": "No"}
    stub.add_response("send_task_failure", {}, expected)
    executions.resume("t", callback("No", "failure"))


def test_long_message_is_cut_to_the_limit_of_aws() -> None:
    sent: dict[str, str] = {}

    class Client:
        def send_task_failure(self, **call: str) -> None:
            sent.update(call)

        def send_task_success(self, **call: str) -> None:
            sent.update(call)

    executions = Executions(Client())
    executions.resume("t", callback("ö" * 30_000, "failure"))
    assert sent["cause"] == "ö" * (MAX_CAUSE_BYTES // 2)
    executions.resume("t", callback("ö\x00" * 200_000))
    assert len(sent["output"].encode()) <= MAX_OUTPUT_BYTES
    assert json.loads(sent["output"])["jiraStoryId"] == "PROJ-1"


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_unused_token_is_refused(stub: Stubber, executions: Executions, code: str) -> None:
    stub.add_client_error("send_task_success", code, "Provided task does not exist anymore")
    with pytest.raises(TokenRefusedError):
        executions.resume("t", callback())


def test_throttling_is_transient(stub: Stubber, executions: Executions) -> None:
    stub.add_client_error("send_task_success", "ThrottlingException", http_status_code=400)
    with pytest.raises(TransientError):
        executions.resume("t", callback())


def test_expired_execution_is_over(stub: Stubber, executions: Executions) -> None:
    stub.add_client_error("describe_execution", "ExecutionDoesNotExist")
    assert executions.describe(ARN).is_over


def test_execution_with_a_pending_redrive_is_not_over(stub: Stubber, executions: Executions) -> None:
    answer = {"executionArn": ARN, "stateMachineArn": ARN, "status": "PENDING_REDRIVE", "startDate": 0}
    stub.add_response("describe_execution", answer, {"executionArn": ARN})
    assert not executions.describe(ARN).is_over


def test_all_pages_of_a_history_are_read(stub: Stubber, executions: Executions) -> None:
    def page(number: int) -> dict[str, Any]:
        return {"events": [{"timestamp": 0, "type": "ExecutionStarted", "id": number, "previousEventId": 0}]}

    asked = {"executionArn": ARN, "includeExecutionData": True, "maxResults": ANY}
    stub.add_response("get_execution_history", {**page(1), "nextToken": "more"}, asked)
    stub.add_response("get_execution_history", page(2), {**asked, "nextToken": "more"})
    assert [event["id"] for event in executions.history(ARN)] == [1, 2]
