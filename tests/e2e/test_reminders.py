"""A story that waits long is brought to people's attention, once, through the topic that they subscribe to."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.client import Client, Run, document, done, eventually, story

pytestmark = pytest.mark.xdist_group("default")

RECEIVE_SECONDS = 1


class Inbox:
    """A queue that listens to the topic of reminders."""

    def __init__(self, aws: Client) -> None:
        self._sqs = aws.aws("sqs")
        self._url = self._sqs.create_queue(QueueName=f"inbox-{uuid4()}")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]
        aws.aws("sns").subscribe(
            TopicArn=aws.outputs["reminder_topic_arn"],
            Protocol="sqs",
            Endpoint=attributes["QueueArn"],
        )

    def about(self, key: str) -> list[dict[str, Any]]:
        """What came since the last look, of one story: other tests let stories wait, too."""
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=RECEIVE_SECONDS)
        messages = [json.loads(message["Body"]) for message in answer.get("Messages", [])]
        return [message for message in messages if message["MessageAttributes"]["jiraStoryId"]["Value"] == key]


def _has_waited(run: Run, key: str, time: timedelta) -> None:
    """Let the wait have begun so long ago."""
    run.client.dynamodb.update_item(
        TableName=run.client.outputs["dynamodb_table_name"],
        Key={"jiraStoryId": {"S": key}, "executionName": {"S": run.name}},
        UpdateExpression="SET waitingSince = :since",
        ExpressionAttributeValues={":since": {"S": (datetime.now(UTC) - time).isoformat()}},
    )


def _sweep(aws: Client) -> None:
    answer = aws.aws("lambda").invoke(FunctionName=aws.outputs["sweeper_lambda_arn"], Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_people_are_reminded_once_and_the_release_goes_on(aws: Client) -> None:
    key = story()
    inbox = Inbox(aws)
    run = aws.start(document(key))
    run.waiting(key)
    _sweep(aws)
    assert inbox.about(key) == []
    _has_waited(run, key, timedelta(hours=4, minutes=1))
    _sweep(aws)
    [told] = eventually(lambda: inbox.about(key) or None, "the reminder")
    assert key in told["Subject"]
    assert "4 h 1 min" in told["Message"]
    assert run.arn in told["Message"]
    _sweep(aws)
    assert inbox.about(key) == []
    assert aws.call_back(done(key)).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"
