"""Fixtures for the Lambda functions: an emulated AWS and the environment of a function."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from handlers import executions, secret, stories, telemetry
from handlers.aws import client
from handlers.callback import receive
from handlers.recorder import files
from handlers.sweeper import topic

EVENTS = Path(__file__).parents[2] / "events"
TABLE, BUCKET, INDEX = "stories", "releases", "waiting"
TOKENS = {
    "validation": "validation-token-1",
    "deployment": "deployment-token-1",
    "notification": "notification-token-1",
    "callback": "callback-token-1",
    "callbackSigningKey": "signing-key-1",
    "approvalLinkKey": "link-key-1",
}


def event(name: str) -> dict[str, Any]:
    """Return one of the recorded events."""
    value: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return value


class Context(LambdaContext):
    """The context of an invocation, with the remaining time that the test sets."""

    def __init__(self) -> None:
        self._function_name = "function"
        self._function_version = "$LATEST"
        self._invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:function"
        self._memory_limit_in_mb = 128
        self._aws_request_id = "request-1"
        self._log_group_name = "/aws/lambda/function"
        self._log_stream_name = "stream"
        self.remaining = 30_000

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]  # Powertools types a method as static
        return self.remaining


@pytest.fixture
def context() -> Context:
    return Context()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the environment of a deployed function, without loggers and stores of other tests."""
    values = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "STORIES_TABLE": TABLE,
        "WAITING_INDEX": INDEX,
        "BUCKET": BUCKET,
        "LOG_PREFIX": "logs/",
        "CALLBACK_TIMEOUT_SECONDS": "3600",
        "REMINDERS": "[]",
        "APPROVAL_LINK_SECONDS": "0",
        "MOCK_DELAY_SECONDS": "0",
        "DEMO_FAILURES": "true",
        "JIRA_DONE_STATUSES": '["Done", "Released"]',
        "JIRA_FAILED_STATUSES": '["Rejected"]',
        "POWERTOOLS_SERVICE_NAME": f"test-{uuid.uuid4()}",
        "POWERTOOLS_METRICS_NAMESPACE": "Holdpoint",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    caches: list[Callable[[], None]] = [
        each.cache_clear
        for each in (
            telemetry.logger,
            telemetry.metrics,
            secret.secret,
            stories.stories,
            executions.executions,
            files.files,
            topic.topic,
            receive._status_names,
        )
    ]
    for clear in caches:
        clear()
    yield
    for clear in caches:
        clear()


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Create an AWS with the table, the bucket, the secret and the topic."""
    with mock_aws():
        client("dynamodb").create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"}
                for name in ("jiraStoryId", "executionName", "waiting", "waitingSince")
            ],
            KeySchema=[
                {"AttributeName": "jiraStoryId", "KeyType": "HASH"},
                {"AttributeName": "executionName", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": INDEX,
                    "KeySchema": [
                        {"AttributeName": "waiting", "KeyType": "HASH"},
                        {"AttributeName": "waitingSince", "KeyType": "RANGE"},
                    ],
                    "Projection": {
                        "ProjectionType": "INCLUDE",
                        "NonKeyAttributes": ["callbackId", "executionArn", "remindedAt"],
                    },
                }
            ],
        )
        client("s3").create_bucket(Bucket=BUCKET)
        created = client("secretsmanager").create_secret(Name="tokens", SecretString=json.dumps(TOKENS))
        monkeypatch.setenv("SECRET_ARN", created["ARN"])
        topic_arn = client("sns").create_topic(Name="reminders")["TopicArn"]
        monkeypatch.setenv("REMINDERS", json.dumps([{"after": 600, "before": None, "topic": topic_arn}]))
        yield


def put_item(story: str = "PROJ-1", execution: str = "run-1", **attributes: str) -> None:
    """Put the item of "Register story", and further fields."""
    item = {
        "jiraStoryId": story,
        "executionName": execution,
        "executionArn": f"arn:aws:states:us-east-1:123456789012:execution:release:{execution}",
        "registeredAt": "2025-06-03T04:20:00.000Z",
        **attributes,
    }
    client("dynamodb").put_item(TableName=TABLE, Item={name: {"S": value} for name, value in item.items()})


def put_waiting(story: str = "PROJ-1", execution: str = "run-1", **attributes: str) -> None:
    """Put an item whose execution waits."""
    wait = {"taskToken": f"token-{execution}", "waitingSince": "2025-06-03T04:20:05.000Z", "waiting": "story"}
    put_item(story, execution, **{**wait, **attributes})


def get_item(story: str = "PROJ-1", execution: str = "run-1") -> dict[str, Any]:
    """Return an item, its values without their types."""
    key = {"jiraStoryId": {"S": story}, "executionName": {"S": execution}}
    item = client("dynamodb").get_item(TableName=TABLE, Key=key)["Item"]
    return {name: next(iter(value.values())) for name, value in item.items()}
