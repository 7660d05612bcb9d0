"""A small workflow, similar to a release, that any emulator of Step Functions can run."""

import json
import time
import uuid
from typing import Any

import boto3
from botocore.config import Config

POLL_SECONDS = 0.02
TIMEOUT_SECONDS = 120
TABLE, ROLE = "bench", "arn:aws:iam::123456789012:role/bench"
_SERVICES = ("dynamodb", "stepfunctions")


def _key(suffix: str = "") -> dict[str, Any]:
    return {"id": {"S.$": f"States.Format('{{}}{suffix}', $.id)"}}


def _branch(number: int) -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Parameters": {"TableName": TABLE, "Key": _key()},
        "End": True,
    }
    return {"StartAt": f"Get {number}", "States": {f"Get {number}": task}}


def _put(suffix: str, **following: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:putItem",
        "Parameters": {"TableName": TABLE, "Item": _key(suffix)},
        "ResultPath": None,
        **following,
    }


def _definition() -> str:
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
        "Parameters": {
            "TableName": TABLE,
            "Key": _key(),
            "UpdateExpression": "SET taskToken = :token",
            "ExpressionAttributeValues": {":token": {"S.$": "$$.Task.Token"}},
        },
        "ResultPath": None,
        "TimeoutSeconds": TIMEOUT_SECONDS,
        "Next": "Result",
    }
    calls = {
        "Type": "Parallel",
        "Branches": [_branch(number) for number in range(3)],
        "ResultPath": None,
        "Next": "Wait",
    }
    states = {"Register": _put("", Next="Call"), "Call": calls, "Wait": wait, "Result": _put("-result", End=True)}
    return json.dumps({"StartAt": "Register", "States": states})


class Workflow:
    """The workflow, deployed at an endpoint."""

    def __init__(self, endpoint_url: str) -> None:
        config = Config(max_pool_connections=50)
        session = boto3.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - emulators take any
            region_name="us-east-1",
        )
        create: Any = session.client
        self._dynamodb, self._states = (create(name, endpoint_url=endpoint_url, config=config) for name in _SERVICES)
        self._dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        created = self._states.create_state_machine(name="bench", definition=_definition(), roleArn=ROLE)
        self._machine = created["stateMachineArn"]

    def run(self) -> None:
        """Start an execution, answer its task token and wait for its end. Raises RuntimeError unless it succeeds."""
        key = uuid.uuid4().hex
        started = self._states.start_execution(
            stateMachineArn=self._machine,
            name=key,  # Bare moto needs one.
            input=json.dumps({"id": key}),
        )
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not (token := self._token(key)) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        self._states.send_task_success(taskToken=token, output="{}")
        while (status := self._status(started["executionArn"])) == "RUNNING" and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if status != "SUCCEEDED":
            raise RuntimeError(f"an execution of the small workflow ended with {status}")

    def _token(self, key: str) -> str:
        item = self._dynamodb.get_item(TableName=TABLE, Key={"id": {"S": key}}).get("Item", {})
        return str(item.get("taskToken", {}).get("S", ""))

    def _status(self, execution: str) -> str:
        return str(self._states.describe_execution(executionArn=execution)["status"])
