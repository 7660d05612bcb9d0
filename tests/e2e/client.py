"""Client of a deployed stack by its outputs: boto3 and HTTP."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import boto3
from botocore.config import Config

from tests.e2e.answer import Answer

DEADLINE_SECONDS = 300
"""Longer than anything here takes on a slow machine; a test that gets here has failed."""

FIRST_POLL_SECONDS, LAST_POLL_SECONDS, POLL_BACKOFF = 0.05, 0.4, 1.4
"""Looks cost the sandbox as much as its own work, so that many who look often would slow it down."""

CREDENTIALS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")

T = TypeVar("T")


def eventually(
    look: Callable[[], T | None], what: str, seconds: float = DEADLINE_SECONDS, every: float | None = None
) -> T:
    """Wait until `look` gives something; look every `every` seconds, or else with growing pauses."""
    deadline, pause = time.monotonic() + seconds, every or FIRST_POLL_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(pause)
        pause = every or min(pause * POLL_BACKOFF, LAST_POLL_SECONDS)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} seconds")


@dataclass(frozen=True)
class Client:
    """A client of a stack."""

    outputs: Mapping[str, Any]
    credentials: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(CREDENTIALS[:2], "test"))
    """The administrator's, unless they are of a role (see `acting_as`)."""
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def acting_as(self, role_arn: str) -> "Client":
        """Return the same stack, used by a role."""
        given = self.aws("sts").assume_role(RoleArn=role_arn, RoleSessionName="user")["Credentials"]
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        return Client(self.outputs, dict(zip(CREDENTIALS, (given[name] for name in names), strict=True)))

    def aws(self, service: str) -> Any:
        """Return a boto3 client of the stack's AWS, made once: to make one takes as long as some calls."""
        if service not in self._clients:
            create: Any = boto3.client  # its stubs know literal names only
            self._clients[service] = create(
                service,
                endpoint_url=self.outputs["endpoint_url"],
                region_name="us-east-1",
                **self.credentials,
                config=Config(s3={"addressing_style": "path"}, max_pool_connections=32),
            )
        return self._clients[service]

    @property
    def s3(self) -> Any:
        """Return the bucket's service."""
        return self.aws("s3")

    @property
    def stepfunctions(self) -> Any:
        """Return the workflows' service."""
        return self.aws("stepfunctions")

    @property
    def dynamodb(self) -> Any:
        """Return the table's service."""
        return self.aws("dynamodb")

    @property
    def bucket(self) -> str:
        """Return the stack's bucket."""
        return str(self.outputs["s3_bucket_name"])

    def put(self, document: Any, key: str | None = None) -> str:
        """Put an input document (bytes as they are, anything else as JSON) and give its key."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        key = key or f"inputs/{uuid4()}.json"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return key

    def start(self, document: Any, **more: Any) -> "Run":
        """Put a document and start a release of it."""
        return self.start_with({"inputFile": self.put(document), **more})

    def start_with(self, execution_input: Any, *, by: str = "state_machine_alias_arn") -> "Run":
        """Start a release with this execution input unchanged, by an ARN among the outputs."""
        arn = self.stepfunctions.start_execution(stateMachineArn=self.outputs[by], input=json.dumps(execution_input))[
            "executionArn"
        ]
        return Run(self, arn)

    @property
    def tokens(self) -> dict[str, str]:
        """Return the secret's content."""
        secret = self.aws("secretsmanager").get_secret_value(SecretId=self.outputs["secrets_manager_arn"])
        content: dict[str, str] = json.loads(secret["SecretString"])
        return content

    def call_back(self, body: Any, *, headers: Mapping[str, str] | None = None, token: str | None = None) -> Answer:
        """Send a callback, with the right bearer token unless `token` or `headers` say otherwise."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        if headers is None:
            headers = {"Authorization": f"Bearer {token or self.tokens['callback']}"}
        request = urllib.request.Request(
            self.outputs["callback_api_endpoint"], data=data, headers={"Content-Type": "application/json", **headers}
        )
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as response:
                return Answer(response.status, json.load(response), dict(response.headers))
        except urllib.error.HTTPError as error:
            return Answer(error.code, json.loads(error.read() or b"{}"), dict(error.headers))

    def sign(self, body: bytes) -> dict[str, str]:
        """Return the header of a webhook that Jira signed."""
        digest = hmac.new(self.tokens["callbackSigningKey"].encode(), body, hashlib.sha256).hexdigest()
        return {"X-Hub-Signature": f"sha256={digest}"}

    def object(self, key: str) -> bytes | None:
        """Return an object's content, if it is there."""
        try:
            content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return None
        return content


@dataclass(frozen=True)
class Run:
    """One execution."""

    client: Client
    arn: str

    @property
    def name(self) -> str:
        """Return the execution's name, under which its files stand."""
        return self.arn.rsplit(":", 1)[1]

    def describe(self) -> dict[str, Any]:
        """Return what DescribeExecution answers."""
        return dict(self.client.stepfunctions.describe_execution(executionArn=self.arn))

    def ended(self) -> dict[str, Any]:
        """Wait for the end."""

        def look() -> dict[str, Any] | None:
            described = self.describe()
            return None if described["status"] == "RUNNING" else described

        return eventually(look, f"the end of {self.name}")

    def item(self, story: str) -> dict[str, Any] | None:
        """Return the story's item for this execution."""
        item: dict[str, Any] | None = self.client.dynamodb.get_item(
            TableName=self.client.outputs["dynamodb_table_name"],
            Key={"jiraStoryId": {"S": story}, "executionName": {"S": self.name}},
            ConsistentRead=True,
        ).get("Item")
        return item

    def task_token(self, story: str) -> str:
        """Return the token of the wait for the story."""
        return str((self.item(story) or {})["taskToken"]["S"])

    def registered(self, story: str) -> None:
        """Wait until a callback finds the execution."""
        eventually(lambda: self.item(story), f"registration of {self.name}")

    def waiting(self, story: str) -> None:
        """Wait until the task token is on the story's item."""

        def look() -> dict[str, Any] | None:
            described = self.describe()
            assert described["status"] == "RUNNING", described
            item = self.item(story)
            return item if item and "taskToken" in item else None

        eventually(look, f"the wait of {self.name}")

    def result(self) -> dict[str, Any]:
        """result.json."""
        return self._json(f"outputs/{self.name}/result.json")

    def error(self) -> dict[str, Any]:
        """error.json, which may come a moment after the end."""
        return self._json(f"logs/{self.name}/error.json")

    def log(self) -> str:
        """execution.log in plain text, which may come a moment after the end."""

        def look() -> str | None:
            content = self.client.object(f"logs/{self.name}/execution.log")
            return content.decode() if content and not content.startswith(b'"') else None

        return eventually(look, f"the log of {self.name}")

    def _json(self, key: str) -> dict[str, Any]:
        content = eventually(lambda: self.client.object(key), f"writing {key}")
        return dict(json.loads(content))

    def history(self) -> list[dict[str, Any]]:
        """Return every event of the execution."""
        paginator = self.client.stepfunctions.get_paginator("get_execution_history")
        return [event for page in paginator.paginate(executionArn=self.arn) for event in page["events"]]

    def states(self) -> list[str]:
        """Return the states in the order in which they were entered."""
        entered = [event for event in self.history() if event["type"].endswith("StateEntered")]
        return [event["stateEnteredEventDetails"]["name"] for event in entered]


def story() -> str:
    """Return a story that no other test uses."""
    return f"T{uuid4().hex[:8].upper()}-{uuid4().int % 10_000 + 1}"


def document(jira_story_id: str, **changed: Any) -> dict[str, Any]:
    """Return a good input document."""
    return {
        "jiraStoryId": jira_story_id,
        "packageIds": ["web-1", "api-2"],
        "metadata": {"environment": "test", "requestedBy": "tests", "priority": "low", "notes": "none"},
        **changed,
    }


def done(jira_story_id: str, **changed: Any) -> dict[str, Any]:
    """Return a callback that lets the release go on."""
    return {"jiraStoryId": jira_story_id, "message": "Looks good", **changed}
