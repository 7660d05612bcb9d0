"""Inbox of a subscriber to the reminders."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.e2e.client import Client, Run

RECEIVE_SECONDS = 1


class Inbox:
    """A queue subscribed to the topic of reminders."""

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
        """Return the new messages about one story; other tests let stories wait, too."""
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=RECEIVE_SECONDS)
        messages = [json.loads(message["Body"]) for message in answer.get("Messages", [])]
        return [message for message in messages if message["MessageAttributes"]["jiraStoryId"]["Value"] == key]


def let_wait_since(run: Run, key: str, time: timedelta) -> None:
    """Let the wait have begun so long ago."""
    run.client.dynamodb.update_item(
        TableName=run.client.outputs["dynamodb_table_name"],
        Key={"jiraStoryId": {"S": key}, "executionName": {"S": run.name}},
        UpdateExpression="SET waitingSince = :since",
        ExpressionAttributeValues={":since": {"S": (datetime.now(UTC) - time).isoformat()}},
    )
