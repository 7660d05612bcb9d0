"""Faults by caller: a role, a function's process, a state machine."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from sandbox.faults import Fault, Kind, Plan
from tests.unit.sandbox.faults.tables import Table, client
from tests.unit.sandbox.services.aws import Aws


def one(kind: Kind, call: str = "dynamodb.PutItem", **more: Any) -> Plan:
    return Plan(name="one", faults=(Fault(call=call, kind=kind, **more),))


def test_fault_applies_to_the_calls_of_a_role(aws: Aws, table: Table) -> None:
    assumed = client(aws.server, "sts").assume_role(RoleArn=aws.role(), RoleSessionName="somebody")["Credentials"]
    with aws.server.faults(one(Kind.RESET, by="function")):
        table.put("a")
        caller = client(
            aws.server,
            "dynamodb",
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
        )
        with pytest.raises(ConnectionClosedError):
            caller.put_item(TableName=table.name, Item={"id": {"S": "b"}})
    assert aws.server.faults.fired[0].by == ("function", "somebody")


WRITES = """
import boto3, os
def handler(event, context):
    boto3.client("dynamodb").put_item(TableName=event["table"], Item={"id": {"S": event["key"]}})
    return os.getpid()
"""


@pytest.mark.parametrize(("kind", "written"), [(Kind.KILL_BEFORE, {"b"}), (Kind.KILL_AFTER, {"a", "b"})])
def test_fault_ends_the_process_at_its_call(aws: Aws, table: Table, kind: Kind, written: set[str]) -> None:
    name = f"writes-{kind}"
    aws.function(name, WRITES)
    with aws.server.faults(one(kind, by=name)):
        died = aws.invoke(name, {"table": table.name, "key": "a"})
    assert died["FunctionError"] == "Unhandled"
    assert died["Payload"]["errorType"] == "Runtime.ExitError"
    assert "signal: killed" in died["Payload"]["errorMessage"]
    assert isinstance(aws.invoke(name, {"table": table.name, "key": "b"})["Payload"], int)
    assert table.keys() == written


def test_fault_matches_the_event_of_the_calling_function(aws: Aws, table: Table) -> None:
    aws.function("writes", WRITES)
    event = {"table": table.name, "key": "same"}
    with aws.server.faults(one(Kind.KILL_BEFORE, about="order-2")):
        assert "FunctionError" not in aws.invoke("writes", {**event, "order": "order-1"})
        assert "FunctionError" in aws.invoke("writes", {**event, "order": "order-2"})


STATES = {
    Kind.THROTTLE: "Lambda.TooManyRequestsException",
    Kind.SERVER_ERROR: "Lambda.ServiceException",
    Kind.UNAVAILABLE: "Lambda.AWSLambdaException",
    Kind.RESET: "Lambda.SdkClientException",
    Kind.LOST_ANSWER: "Lambda.SdkClientException",
}


@pytest.mark.parametrize(("kind", "error"), STATES.items())
def test_fault_of_an_invocation_has_an_error_name_in_the_state_machine(aws: Aws, kind: Kind, error: str) -> None:
    function = aws.function(f"answers-{kind}", "def handler(event, context): return 1")
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": function, "Payload": {}},
        "End": True,
    }
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": task}})
    states = aws.client("stepfunctions")
    machine = states.create_state_machine(name=f"machine-{kind}", definition=definition, roleArn=aws.role())
    with aws.server.faults(one(kind, "lambda.Invoke", by="function")):
        execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
        while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            time.sleep(0.02)
    assert (found["status"], found["error"]) == ("FAILED", error)
