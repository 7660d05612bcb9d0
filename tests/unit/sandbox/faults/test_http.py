"""Faults of HTTP APIs and of requests by HTTP Tasks."""

import http.client
import json
import time
import urllib.error
from typing import Any

import pytest

from sandbox.faults import HTTP_API_REQUEST, HTTP_TASK_REQUEST, Fault, Kind, Plan
from tests.unit.sandbox.faults.tables import Table
from tests.unit.sandbox.services.apigateway.http_apis import api, call
from tests.unit.sandbox.services.aws import Aws

COUNTS = """
import boto3, json
def handler(event, context):
    boto3.client("dynamodb").put_item(TableName="{table}", Item={{"id": {{"S": event["body"]}}}})
    return {{"done": True}}
"""


def one(call: str, kind: Kind, **more: Any) -> Plan:
    return Plan(name="one", faults=(Fault(call=call, kind=kind, **more),))


def serve(aws: Aws, table: Table) -> str:
    """Create a route that records its requests; return its URL."""
    return f"{api(aws, f'api-{table.name}', COUNTS.format(table=table.name), 'POST /x')}/x"


def send(url: str, body: str) -> tuple[int, Any]:
    reply = call(url, body.encode(), headers={"content-type": "text/plain"})
    return reply.status, reply.json()


@pytest.mark.parametrize(
    ("kind", "answer", "done"),
    [
        (Kind.THROTTLE, (429, {"message": "Too Many Requests"}), False),
        (Kind.SERVER_ERROR, (500, {"message": "Internal Server Error"}), False),
        (Kind.UNAVAILABLE, (503, {"message": "Service Unavailable"}), False),
        (Kind.FALSE_ERROR, (500, {"message": "Internal Server Error"}), True),
    ],
)
def test_fault_makes_an_http_api_refuse(
    aws: Aws, table: Table, kind: Kind, answer: tuple[int, Any], done: bool
) -> None:
    url = serve(aws, table)
    with aws.server.faults(one(HTTP_API_REQUEST, kind, by=f"api-{table.name}", about="one")):
        assert send(url, "two") == (200, {"done": True})
        assert send(url, "one") == answer
    assert table.keys() == ({"one", "two"} if done else {"two"})


@pytest.mark.parametrize(("kind", "done"), [(Kind.RESET, False), (Kind.TIMEOUT, False), (Kind.LOST_ANSWER, True)])
def test_fault_resets_a_request_to_an_http_api(aws: Aws, table: Table, kind: Kind, done: bool) -> None:
    url = serve(aws, table)
    more = {"seconds": 0.1} if kind is Kind.TIMEOUT else {}
    with (
        aws.server.faults(one(HTTP_API_REQUEST, kind, **more)),
        pytest.raises((ConnectionResetError, urllib.error.URLError, http.client.RemoteDisconnected)),
    ):
        send(url, "one")
    assert table.keys() == ({"one"} if done else set())


def test_fault_delays_an_http_api(aws: Aws, table: Table) -> None:
    url, started = serve(aws, table), time.monotonic()
    with aws.server.faults(one(HTTP_API_REQUEST, Kind.DELAY, seconds=0.3)):
        assert send(url, "one") == (200, {"done": True})
    assert time.monotonic() - started >= 0.3


def _connection(aws: Aws) -> str:
    arn = aws.client("events").create_connection(
        Name=f"connection-{time.monotonic_ns()}",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}},
    )["ConnectionArn"]
    return str(arn)


def _called(aws: Aws, url: str) -> tuple[str, str | None]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Arguments": {
            "ApiEndpoint": url,
            "Method": "POST",
            "Authentication": {"ConnectionArn": _connection(aws)},
            "Headers": {"Content-Type": "text/plain"},
            "RequestBody": "one",
        },
        "End": True,
    }
    states = aws.client("stepfunctions")
    machine = states.create_state_machine(
        name=f"machine-{time.monotonic_ns()}",
        definition=json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": task}}),
        roleArn=aws.role(),
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.02)
    return found["status"], found.get("error")


@pytest.mark.parametrize(
    ("kind", "error", "done"),
    [
        (Kind.THROTTLE, "States.Http.StatusCode.429", False),
        (Kind.SERVER_ERROR, "States.Http.StatusCode.500", False),
        (Kind.UNAVAILABLE, "States.Http.StatusCode.503", False),
        (Kind.RESET, "States.Http.Socket", False),
        (Kind.TIMEOUT, "States.Http.Socket", False),
        (Kind.LOST_ANSWER, "States.Http.Socket", True),
        (Kind.FALSE_ERROR, "States.Http.StatusCode.500", True),
    ],
)
def test_fault_fails_an_http_task(aws: Aws, table: Table, kind: Kind, error: str, done: bool) -> None:
    url = serve(aws, table)
    more = {"seconds": 0.1} if kind is Kind.TIMEOUT else {}
    with aws.server.faults(one(HTTP_TASK_REQUEST, kind, by="function", about=url, **more)):
        assert _called(aws, url) == ("FAILED", error)
    assert table.keys() == ({"one"} if done else set())


def test_fault_delays_an_http_task(aws: Aws, table: Table) -> None:
    with aws.server.faults(one(HTTP_TASK_REQUEST, Kind.DELAY, seconds=0.3)):
        assert _called(aws, serve(aws, table)) == ("SUCCEEDED", None)
