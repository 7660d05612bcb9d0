"""The SNS topic to which people subscribe."""

import os
from functools import cache
from typing import Any

from handlers.aws import client, transient_failures
from handlers.sweeper.reminders import Message


class Topic:
    """The topic with that ARN."""

    def __init__(self, sns: Any, arn: str) -> None:
        self._client = sns
        self._arn = arn

    def publish(self, message: Message) -> None:
        """Publish a message.

        Raises:
            TransientError: SNS is throttled or out of reach.
        """
        with transient_failures():
            self._client.publish(
                TopicArn=self._arn,
                Subject=message.subject,
                Message=message.text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in message.attributes.items()
                },
            )


@cache
def topic(arn: str) -> Topic:
    """Return the topic with that ARN, in this stack's region."""
    return Topic(client("sns"), arn)


def approvers_topic() -> Topic | None:
    """Return the topic that APPROVERS_TOPIC_ARN names, from which each approver receives only their own messages."""
    arn = os.environ.get("APPROVERS_TOPIC_ARN")
    return topic(arn) if arn else None
