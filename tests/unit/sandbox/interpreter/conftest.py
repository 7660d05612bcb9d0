"""A real server with the interpreter's extensions, and a short way to run a state machine on it."""

import http.server
import itertools
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox.server import Server

ROLE = "arn:aws:iam::123456789012:role/sandbox"
DEADLINE_SECONDS = 30.0
JsonObject = dict[str, Any]


class Aws:
    """A client's view of the server."""

    def __init__(self, endpoint_url: str) -> None:
        self.endpoint_url = endpoint_url
        self._names = (f"test-{number}" for number in itertools.count())
        self._clients: dict[str, Any] = {}
        self.states = self.client("stepfunctions")

    def client(self, service: str) -> Any:
        """Return a boto3 client without retries."""
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,  # type: ignore[call-overload]  # any service by its name
                endpoint_url=self.endpoint_url,
                region_name="us-east-1",
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(retries={"total_max_attempts": 1}, max_pool_connections=50),
            )
        return self._clients[service]

    def name(self) -> str:
        """Return a name that no test has used."""
        return next(self._names)

    def table(self, key: str) -> str:
        """Create a table with that key, a text; gives its name."""
        name = f"table-{self.name()}"
        self.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        return name

    def machine(self, states: JsonObject, *, start: str | None = None, **fields: Any) -> str:
        """Create a JSONata state machine of these states; gives its ARN."""
        definition = {"QueryLanguage": "JSONata", "StartAt": start or next(iter(states)), "States": states, **fields}
        created = self.states.create_state_machine(name=self.name(), definition=json.dumps(definition), roleArn=ROLE)
        return str(created["stateMachineArn"])

    def start(self, machine: str, given: Any = None, **options: Any) -> str:
        """Start an execution; gives its ARN."""
        started = self.states.start_execution(
            stateMachineArn=machine, input=json.dumps(given or {}, ensure_ascii=False), **options
        )
        return str(started["executionArn"])

    def run(self, states: JsonObject, given: Any = None, **fields: Any) -> JsonObject:
        """Run these states to their end; gives DescribeExecution's answer."""
        return self.ended(self.start(self.machine(states, **fields), given))

    def output(self, states: JsonObject, given: Any = None, **fields: Any) -> Any:
        """Run these states; gives the output of an execution that must succeed."""
        found = self.run(states, given, **fields)
        assert found["status"] == "SUCCEEDED", found
        return json.loads(found["output"])

    def ended(self, execution: str) -> JsonObject:
        """Return DescribeExecution's answer once the execution has ended."""
        found: JsonObject = self.wait(lambda: self._ended(execution))
        return found

    def _ended(self, execution: str) -> JsonObject | None:
        found: JsonObject = self.states.describe_execution(executionArn=execution)
        return None if found["status"] == "RUNNING" else found

    def history(self, execution: str) -> list[JsonObject]:
        """Return all events of an execution."""
        return list(self.states.get_execution_history(executionArn=execution)["events"])

    def wait(self, condition: Callable[[], Any]) -> Any:
        """Return the first true value of the condition; fail after DEADLINE_SECONDS."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            time.sleep(0.01)
        pytest.fail(f"still waiting after {DEADLINE_SECONDS} s")


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """Return a server of this module's own."""
    with Server(iam=False) as server:
        yield Aws(server.endpoint_url)


class Tasks:
    """Tasks that wait for a token, which they write into a table."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self.table = aws.table("execution")

    def state(self, *, timeout: Any = 3600, key: str = "", **fields: Any) -> JsonObject:
        """Return a task that waits for its token; the last one unless `fields` says otherwise."""
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
            "Arguments": {
                "TableName": self.table,
                "Key": {"execution": {"S": "{% $states.context.Execution.Id & '" + key + "' %}"}},
                "UpdateExpression": "SET tokens = list_append(if_not_exists(tokens, :none), :token)",
                "ExpressionAttributeValues": {
                    ":token": {"L": [{"S": "{% $states.context.Task.Token %}"}]},
                    ":none": {"L": []},
                },
            },
            "TimeoutSeconds": timeout,
            **({} if "Next" in fields else {"End": True}),
            **fields,
        }

    def token(self, execution: str, key: str = "", attempt: int = 0) -> str:
        """Return the token of an execution's task, as soon as it is there."""
        token: str = self._aws.wait(lambda: self._token(execution + key, attempt))
        return token

    def _token(self, key: str, attempt: int) -> str | None:
        found = self._aws.client("dynamodb").get_item(TableName=self.table, Key={"execution": {"S": key}})
        tokens = found.get("Item", {}).get("tokens", {"L": []})["L"]
        return str(tokens[attempt]["S"]) if len(tokens) > attempt else None


@pytest.fixture(scope="module")
def tasks(aws: Aws) -> Tasks:
    """Tasks that wait for a token."""
    return Tasks(aws)


def error_code(call: Callable[..., Any], **arguments: Any) -> str:
    """Return the error code of a call that must fail."""
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return str(refused.value.response["Error"]["Code"])


class Api:
    """An HTTP API on this machine whose answers a test decides."""

    def __init__(self) -> None:
        self.requests: list[JsonObject] = []
        self.answers: dict[str, list[Answer]] = {}
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                path = urllib.parse.urlsplit(self.path).path
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = {
                    "path": self.path,
                    "method": self.command,
                    "headers": dict(self.headers),
                    "body": body.decode(),
                }
                api.requests.append(request)
                answers = api.answers.get(path, [Answer()])
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                self.send_response(answer.status)
                for name, value in {"Content-Type": answer.content_type, **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_POST  # noqa: N815  the name that http.server calls

            def log_message(self, *_: Any) -> None:
                """Log nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer of an API."""

    status: int = 200
    body: bytes = b'{"status": "OK"}'
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def api() -> Iterator[Api]:
    """Return an HTTP API of this test's own."""
    found = Api()
    yield found
    found.close()
