"""Another team's stack: a queue that receives reminders of waiting stories, and a policy for senders of orders."""

import json

import pulumi
import pulumi_aws as aws

MESSAGE_SECONDS = 14 * 24 * 3600
"""As long as SQS keeps a message.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"""

name = f"{pulumi.get_project()}-{pulumi.get_stack()}"

# `require_output` fails with the output's name where there is none; `get_output` would give None and go on.
holdpoint = pulumi.StackReference("holdpoint", pulumi.Config().require("holdpointStack"))
reminder_topic_arn = holdpoint.require_output("reminder_topic_arn")
bus = aws.cloudwatch.get_event_bus_output(name=holdpoint.require_output("orders_event_bus_name"))

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
                    "Condition": {"ArnEquals": {"aws:SourceArn": reminder_topic_arn}},
                }
            ],
        }
    ),
)

aws.sns.TopicSubscription(
    "reminders-subscription",
    topic=reminder_topic_arn,
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

pulumi.export("reminders_queue_url", reminders.url)
pulumi.export("submit_orders_policy_arn", submit_orders.arn)
pulumi.export("callback_api_endpoint", holdpoint.require_output("callback_api_endpoint"))
