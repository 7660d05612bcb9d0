"""Calls of in-process clients, without a connection."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from sandbox.clients import ACCOUNT_ID, Clients
from sandbox.faults import Fault, Kind, Plan, recording
from sandbox.http_server import HttpServer
from sandbox.server import Server
from tests.unit.sandbox.services.aws import Aws, until

ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/machine"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a running server."""
    with Server(iam=False) as running:
        yield running


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the connections that the server accepts from now on."""
    accepted: list[Any] = []
    serve = HttpServer.process_request

    def process_request(self: HttpServer, request: Any, client_address: Any) -> None:
        accepted.append(request)
        serve(self, request, client_address)

    monkeypatch.setattr(HttpServer, "process_request", process_request)
    return accepted


def test_a_task_needs_no_connection_that_could_be_closed_while_it_is_idle(
    server: Server, connections: list[Any]
) -> None:
    aws = Aws(server)
    states = aws.client("stepfunctions")
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:listQueues", "End": True}
    definition = {"QueryLanguage": "JSONata", "StartAt": "List", "States": {"List": task}}
    machine = states.create_state_machine(name="direct", definition=json.dumps(definition), roleArn=ROLE)
    opened = len(connections)
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    found = until(lambda: (it := states.describe_execution(executionArn=execution))["status"] != "RUNNING" and it)
    assert found["status"] == "SUCCEEDED"
    assert len(connections) == opened


def test_a_client_of_the_sandbox_gets_streams_heads_and_errors_without_a_connection(
    server: Server, connections: list[Any]
) -> None:
    s3 = Clients(server.endpoint_url)("s3")
    s3.create_bucket(Bucket="direct")
    s3.put_object(Bucket="direct", Key="a b/ü", Body="text", Metadata={"in_two": "words"})
    assert s3.get_object(Bucket="direct", Key="a b/ü")["Body"].read() == b"text"
    head = s3.head_object(Bucket="direct", Key="a b/ü")
    assert (head["ContentLength"], head["Metadata"]) == (4, {"in_two": "words"})
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="direct", Key="other")
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket="direct", Key="other")
    assert connections == []


def test_call_has_the_access_key_of_its_client(server: Server) -> None:
    assert Clients(server.endpoint_url)("sts").get_caller_identity()["Account"] == ACCOUNT_ID
    with recording(server.faults) as found:
        Clients(server.endpoint_url)("sqs").list_queues()
    assert [seen.call for seen in found.calls] == ["sqs.ListQueues"]


def test_a_connection_that_a_fault_resets_is_closed_for_a_direct_client_too(server: Server) -> None:
    plan = Plan(name="reset", faults=(Fault(call="sqs.ListQueues", kind=Kind.RESET),))
    with server.faults(plan), pytest.raises(ConnectionClosedError):
        Clients(server.endpoint_url)("sqs").list_queues()


def test_client_of_another_endpoint_uses_its_connection(server: Server) -> None:
    asked: list[Any] = []

    def other(environ: Any, start_response: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    elsewhere = HttpServer(server.host, 0, other)
    elsewhere.start()
    try:
        Clients(f"http://{server.host}:{elsewhere.port}")("sqs").list_queues()
    finally:
        elsewhere.stop()
        elsewhere.server_close()
    assert asked == ["/"]
