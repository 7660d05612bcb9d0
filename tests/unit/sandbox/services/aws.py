"""A sandbox to test against: clients, and functions made from source text."""

import io
import json
import time
import zipfile
from typing import Any

import boto3
from botocore.config import Config

from sandbox.server import Server

WAIT_SECONDS = 20
ROLE = "arn:aws:iam::123456789012:role/function"


class Aws:
    """Clients for one running server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._session = boto3.session.Session()
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """Return a boto3 client that does not retry, so that each test sees the first answer."""
        if service not in self._clients:
            self._clients[service] = self._session.client(
                service,  # type: ignore[call-overload]  # the service's name is a variable here
                **self._options(),
            )
        return self._clients[service]

    def resource(self, service: str) -> Any:
        """Return a boto3 resource, whose values are Python's; it retries no more than a client."""
        return self._session.resource(service, **self._options())  # type: ignore[call-overload]  # as above

    def _options(self) -> dict[str, Any]:
        return {
            "endpoint_url": self.server.endpoint_url,
            "region_name": "us-east-1",
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
            "config": Config(retries={"max_attempts": 0}, max_pool_connections=50),
        }

    def table(self, name: str) -> Any:
        """Create a table with the key `id`; return the client of DynamoDB."""
        dynamodb = self.client("dynamodb")
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        return dynamodb

    def function(self, name: str, source: str, *, files: dict[str, str] | None = None, **settings: Any) -> str:
        """Create a function whose `app.py` is `source`, with the handler `app.handler`; return its ARN."""
        options = {"Handler": "app.handler", "Runtime": "python3.13", "Timeout": 10, "Role": self.role(), **settings}
        created = self.client("lambda").create_function(
            FunctionName=name, Code={"ZipFile": archive({"app.py": source, **(files or {})})}, **options
        )
        return str(created["FunctionArn"])

    def role(self) -> str:
        """Return the ARN of a role that exists."""
        iam = self.client("iam")
        if not iam.list_roles()["Roles"]:
            iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"}))
        return ROLE

    def invoke(self, name: str, event: Any = None, **options: Any) -> Any:
        """Invoke a function; return boto3's answer with the payload parsed."""
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event), **options)
        text = answer["Payload"].read()
        return {**answer, "Payload": json.loads(text) if text else None}


def archive(files: dict[str, str]) -> bytes:
    """Return a zip of the files, the same for the same files at any time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, text in files.items():
            # Its date is 1980; by its name alone, a file gets the present time, to two seconds.
            target.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


def until(condition: Any) -> Any:
    """Return the first true value of `condition`, called again and again until the deadline."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not (value := condition()):
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.02)
    return value
