"""Another team's stack: a queue for reminders, a policy for senders of orders, and a role that runs releases."""

import json
import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws

# A program in its own repository installs the library (docs/library.md), and does not need this.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from components import Outputs, grant_callback, grant_start

MESSAGE_SECONDS = 14 * 24 * 3600
"""The longest time that SQS keeps a message.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"""

name = f"{pulumi.get_project()}-{pulumi.get_stack()}"

# A missing output fails the deployment with its name; mypy finds a misspelled one before.
holdpoint = Outputs(pulumi.StackReference("holdpoint", pulumi.Config().require("holdpointStack")))
bus = aws.cloudwatch.get_event_bus_output(name=holdpoint.orders_event_bus_name)

reminders = aws.sqs.Queue(
    "reminders",
    name=f"{name}-reminders",
    message_retention_seconds=MESSAGE_SECONDS,
    sqs_managed_sse_enabled=True,
)

# https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
allowed = aws.sqs.QueuePolicy(
    "reminders-policy",
    queue_url=reminders.url,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": reminders.arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": holdpoint.reminder_topic_arn}},
                }
            ],
        }
    ),
)

aws.sns.TopicSubscription(
    "reminders-subscription",
    topic=holdpoint.reminder_topic_arn,
    protocol="sqs",
    endpoint=reminders.arn,
    raw_message_delivery=True,
    opts=pulumi.ResourceOptions(depends_on=[allowed]),
)

submit_orders = aws.iam.Policy(
    "submit-orders",
    name=f"{name}-submit-orders",
    description="Submits orders, and nothing else, on the bus that Holdpoint listens to",
    policy=bus.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "events:PutEvents",
                        "Resource": arn,
                        "Condition": {"StringEquals": {"events:source": "microservices.orders"}},
                    }
                ],
            }
        )
    ),
)

# The role of a function that starts releases and sends callbacks.
releaser = aws.iam.Role(
    "releaser",
    name=f"{name}-releaser",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
            ],
        }
    ),
)
grant_start("start-releases", holdpoint, role_name=releaser.name)
grant_callback("call-back", holdpoint, role_name=releaser.name)

pulumi.export("reminders_queue_url", reminders.url)
pulumi.export("submit_orders_policy_arn", submit_orders.arn)
pulumi.export("releaser_role_name", releaser.name)
pulumi.export("callback_api_endpoint", holdpoint.callback_api_endpoint)
