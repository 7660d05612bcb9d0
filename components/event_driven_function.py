"""A function that EventBridge invokes, with a dead-letter queue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pulumi
import pulumi_aws as aws

from components.function import Function, FunctionArgs
from components.policies import deny_plain_http, document

DEAD_LETTER_SECONDS = 14 * 24 * 3600
"""The longest time that SQS keeps a message.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"""

MAX_EVENT_AGE_SECONDS = 6 * 3600
MAX_ATTEMPTS = 20
"""Retries of a delivery by EventBridge: many, because the record of a failed execution depends on one event."""


def dead_letter_queue(
    name: str, prefix: str, parent: pulumi.Resource, *, kms_key_arn: pulumi.Input[str] | None
) -> aws.sqs.Queue:
    """Create a queue for undelivered or failed events, encrypted with the account's key or else SQS's own."""
    return aws.sqs.Queue(
        f"{name}-dead-letters",
        name=f"{prefix}-{name}-dead-letters",
        message_retention_seconds=DEAD_LETTER_SECONDS,
        # AWS accepts only one of the two.
        sqs_managed_sse_enabled=None if kms_key_arn is not None else True,
        kms_master_key_id=kms_key_arn,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def let_rule_send(
    name: str, rule: aws.cloudwatch.EventRule, queue: aws.sqs.Queue, parent: pulumi.Resource
) -> aws.sqs.QueuePolicy:
    """Let the EventBridge rule send undelivered events to the queue, and deny plain HTTP."""
    return aws.sqs.QueuePolicy(
        f"{name}-dead-letters-policy",
        queue_url=queue.url,
        policy=document(
            [
                deny_plain_http(["sqs:*"], [queue.arn]),
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": queue.arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": rule.arn}},
                },
            ]
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )


@dataclass(frozen=True, kw_only=True)
class SubscriptionArgs:
    """The trigger: either a `pattern` of events or a `schedule` such as `rate(5 minutes)`."""

    prefix: str
    description: str
    function: Function
    dead_letters: aws.sqs.Queue
    pattern: pulumi.Output[Mapping[str, Any]] | None = None
    schedule: pulumi.Input[str] | None = None


class Subscription(pulumi.ComponentResource):
    """A rule on the default bus whose target is a function."""

    rule_name: pulumi.Output[str]
    rule_arn: pulumi.Output[str]

    def __init__(self, name: str, args: SubscriptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Subscription", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        rule = aws.cloudwatch.EventRule(
            f"{name}-rule",
            name=f"{args.prefix}-{name}",
            description=args.description,
            event_pattern=pulumi.Output.json_dumps(args.pattern) if args.pattern is not None else None,
            schedule_expression=args.schedule,
            opts=child,
        )
        permission = aws.lambda_.Permission(
            f"{name}-permission",
            action="lambda:InvokeFunction",
            function=args.function.name,
            qualifier=args.function.live.name,
            principal="events.amazonaws.com",
            source_arn=rule.arn,
            opts=child,
        )
        queue_policy = let_rule_send(name, rule, args.dead_letters, self)
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            target_id="function",
            arn=args.function.live.arn,
            dead_letter_config={"arn": args.dead_letters.arn},
            retry_policy={
                "maximum_event_age_in_seconds": MAX_EVENT_AGE_SECONDS,
                "maximum_retry_attempts": MAX_ATTEMPTS,
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission, queue_policy]),
        )
        self.rule_name = rule.name
        self.rule_arn = rule.arn
        self.register_outputs({"rule_name": self.rule_name})


def event_driven_function(
    name: str,
    args: FunctionArgs,
    parent: pulumi.Resource,
    *,
    description: str,
    pattern: pulumi.Output[Mapping[str, Any]] | None = None,
    schedule: str | None = None,
) -> Function:
    """Create a function that EventBridge invokes, and the queue for events that were not delivered or handled."""
    child = pulumi.ResourceOptions(parent=parent)
    dead_letters = dead_letter_queue(name, args.runtime.prefix, parent, kms_key_arn=args.kms_key_arn)
    function = Function(name, replace(args, dead_letters=dead_letters), opts=child)
    Subscription(
        name,
        SubscriptionArgs(
            prefix=args.runtime.prefix,
            description=description,
            function=function,
            dead_letters=dead_letters,
            pattern=pattern,
            schedule=schedule,
        ),
        opts=child,
    )
    return function
