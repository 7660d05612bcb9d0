"""Errors between the command line and AWS: a message, a fix, and an exit code for each."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import Client
from tests.e2e.operator import Done, Operator


@contextmanager
def _aws_that_says(status: int, code: str, message: str) -> Iterator[str]:
    """Return an AWS whose every answer is one error, in the form of its JSON protocols."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"__type": code, "message": message}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("x-amzn-errortype", code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def on_aws(operator: Operator, tmp_path: Path) -> Operator:
    return operator.on_aws(tmp_path)


@pytest.fixture
def elsewhere(on_aws: Operator) -> Operator:
    """Return the same stack in another account: commands go to AWS itself."""
    outputs = on_aws.outputs
    outputs.write_text(outputs.read_text().replace("123456789012", "210987654321"))
    return on_aws


def _refused(operator: Operator, *arguments: str, **environment: str) -> Done:
    changed = Operator(operator.client, operator.outputs, {**operator.environment, **environment})
    done = changed.run_alone(*arguments)
    assert done.out == ""
    assert done.code == 3
    return done


@pytest.mark.parametrize(
    ("status", "code", "word", "way"),
    [
        (400, "AccessDeniedException", "You are not allowed to do this", "stepfunctions_user_role_arn"),
        (400, "ExpiredTokenException", "AWS does not take the credentials", "aws sso login"),
        (400, "UnrecognizedClientException", "AWS does not take the credentials", "AWS_PROFILE"),
        (400, "StateMachineDoesNotExist", "The stack's resource is not there", "doctor"),
        (400, "ThrottlingException", "AWS throttles the calls", "again"),
        (500, "InternalFailure", "AWS failed inside", "again"),
    ],
)
def test_error_of_aws_has_message_and_exit_code(on_aws: Operator, status: int, code: str, word: str, way: str) -> None:
    with _aws_that_says(status, code, "because I say so") as url:
        changed = Operator(on_aws.client, on_aws.outputs, {**on_aws.environment, "AWS_ENDPOINT_URL": url})
        done = changed.run("list")
    assert (done.out, done.code) == ("", 3)
    assert word in done.err
    assert f"{code}: because I say so" in done.err
    assert way in done.err


def test_an_error_in_json(on_aws: Operator) -> None:
    with _aws_that_says(400, "AccessDeniedException", "no") as url:
        error = _refused(on_aws, "start", "--json", "--key", "x", AWS_ENDPOINT_URL=url).error
    assert error["exitCode"] == 3
    assert "ListExecutions" not in error["message"]
    assert "StartExecution" in error["message"]


def test_unreachable_endpoint_is_reported(on_aws: Operator) -> None:
    done = _refused(on_aws, "list", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert "AWS cannot be reached" in done.err
    assert "AWS_ENDPOINT_URL" in done.err


def test_missing_credentials_are_reported(elsewhere: Operator) -> None:
    done = _refused(elsewhere, "list", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert "There are no usable AWS credentials" in done.err
    assert "aws sso login" in done.err


def test_missing_profile_is_reported(on_aws: Operator) -> None:
    done = _refused(on_aws, "list", AWS_PROFILE="nobody")
    assert "nobody" in done.err
    assert "aws configure list-profiles" in done.err


def test_region_comes_from_the_outputs(on_aws: Operator) -> None:
    """Use the same stack through boto3's own configuration, without AWS_REGION: the ARNs have it."""
    changed = {"AWS_ENDPOINT_URL": on_aws.client.outputs["endpoint_url"], "AWS_REGION": "", "AWS_DEFAULT_REGION": ""}
    operator = Operator(on_aws.client, on_aws.outputs, {**on_aws.environment, **changed})
    assert operator.ok("list", "--json").json["executions"] is not None
    found = operator.ok("doctor", "--json").json
    assert {each["check"]: each["message"] for each in found["checks"]}["region"] == "us-east-1"


def test_doctor_stops_without_access(on_aws: Operator) -> None:
    changed = {**on_aws.environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    done = Operator(on_aws.client, on_aws.outputs, changed).run_alone("doctor", "--json")
    assert done.code == 1
    checks = {each["check"]: each for each in done.json["checks"]}
    assert checks["AWS_ENDPOINT_URL"]["result"] == "warning"
    assert checks["credentials"]["result"] == "wrong"
    assert "bucket" not in checks


def test_ended_sandbox_is_reported(aws: Client, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
    outputs = {**aws.outputs, "endpoint_url": endpoint, "sandbox_pid": ended.pid}
    operator, tokens = Operator.of(Client(outputs), tmp_path), list(aws.tokens.values())
    for command, code in (("list", 3), ("start", 3), ("callback", 3), ("doctor", 1)):
        done = operator.run(command, secrets=tokens)
        assert done.code == code
        printed = done.out + done.err
        assert f"process {ended.pid}" in printed
        assert "has ended" in printed
        assert "python -m sandbox up" in printed
