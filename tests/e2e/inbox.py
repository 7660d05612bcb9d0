"""Inbox of a subscriber to the reminders."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.e2e import items
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
        messages: list[dict[str, Any]] = []
        seconds = RECEIVE_SECONDS
        while received := self._receive(seconds):
            messages += [json.loads(message["Body"]) for message in received]
            seconds = 0
        return [message for message in messages if message["MessageAttributes"]["jiraStoryId"]["Value"] == key]

    def _receive(self, seconds: int) -> list[Any]:
        found = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=seconds)
        messages: list[Any] = found.get("Messages", [])
        return messages


def let_wait_since(run: Run, key: str, time: timedelta) -> None:
    """Move the begin of the wait back by this time. It is read from the item: other tests may have moved the clock."""
    since = datetime.fromisoformat((run.item(key) or {})["waitingSince"]["S"])
    items.change(run, key, waitingSince=(since - time).isoformat())
