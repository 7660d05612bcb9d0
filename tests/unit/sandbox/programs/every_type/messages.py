"""Queues and topics."""

import pulumi_aws as aws

from tests.unit.sandbox.programs.every_type.policies import policy


def queue_and_topic() -> tuple[aws.sqs.Queue, aws.sns.Topic]:
    """Create a queue for dead letters and a topic for alarms, which the queue listens to."""
    dead_letters = aws.sqs.Queue("dead-letters", message_retention_seconds=1209600, sqs_managed_sse_enabled=True)
    aws.sqs.QueuePolicy(
        "dead-letters-policy",
        queue_url=dead_letters.url,
        policy=dead_letters.arn.apply(
            lambda arn: policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": arn,
                }
            )
        ),
    )
    topic = aws.sns.Topic("alarms", display_name="alarms")
    aws.sns.TopicPolicy(
        "alarms-policy",
        arn=topic.arn,
        policy=topic.arn.apply(
            lambda arn: policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": arn,
                }
            )
        ),
    )
    aws.sns.TopicSubscription("alarms-queue", topic=topic.arn, protocol="sqs", endpoint=dead_letters.arn)
    return dead_letters, topic
