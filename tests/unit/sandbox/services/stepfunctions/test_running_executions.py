"""Executions end with the sandbox, and functions' errors keep their names in a state machine."""

import json
import threading
from typing import Any

from sandbox.server import Server
from tests.unit.sandbox.services.aws import Aws, until


def start(aws: Aws, name: str, states: dict[str, Any]) -> str:
    """Start an execution of a machine that begins at its state `A`; return the execution's ARN."""
    client = aws.client("stepfunctions")
    machine = client.create_state_machine(
        name=name,
        definition=json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": states}),
        roleArn=aws.role(),
    )["stateMachineArn"]
    return str(client.start_execution(stateMachineArn=machine)["executionArn"])


def test_a_waiting_execution_does_not_outlive_the_server() -> None:
    before = set(threading.enumerate())
    with Server(iam=False) as server:
        aws = Aws(server)
        url = aws.client("sqs").create_queue(QueueName="tokens")["QueueUrl"]
        waits = {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Arguments": {"QueueUrl": url, "MessageBody": "{% $states.context.Task.Token %}"},
            "End": True,
        }
        start(aws, "waits", {"A": waits})
        start(aws, "sleeps", {"A": {"Type": "Wait", "Seconds": 86_400, "End": True}})
        assert until(lambda: aws.client("sqs").receive_message(QueueUrl=url).get("Messages"))
    assert until(lambda: set(threading.enumerate()) <= before)


def test_a_state_machine_catches_a_functions_error_by_its_class(aws: Aws) -> None:
    source = "class OutOfStock(Exception): pass\ndef handler(event, context):\n    raise OutOfStock('none left')"
    calls = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": aws.function("stock", source)},
        "Catch": [{"ErrorEquals": ["OutOfStock"], "Next": "Caught"}],
        "End": True,
    }
    execution = start(aws, "catches", {"A": calls, "Caught": {"Type": "Pass", "End": True}})
    client = aws.client("stepfunctions")
    until(lambda: client.describe_execution(executionArn=execution)["status"] != "RUNNING")
    described = client.describe_execution(executionArn=execution)
    assert described["status"] == "SUCCEEDED"
    assert json.loads(described["output"])["Error"] == "OutOfStock"
