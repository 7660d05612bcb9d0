"""The start of orders by event: a bus with an archive, a rule, and a dead-letter queue for failed starts."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws_location import role_name
from components.event_driven_function import MAX_ATTEMPTS, MAX_EVENT_AGE_SECONDS, dead_letter_queue, let_rule_send
from components.policies import allow, document, trust_for, write_with_key
from components.workflow import unqualified_arn

PATTERN = json.dumps({"source": ["microservices.orders"], "detail-type": ["Order Submitted", "Order Created"]})

INPUT_PATHS = {"id": "$.id", "detail": "$.detail"}
INPUT_TEMPLATE = '{"eventId": <id>, "detail": <detail>}'
"""EventBridge quotes strings and leaves objects as they are.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html"""

ARCHIVE_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class OrdersEventsArgs:
    """`bus_name` is an existing bus, such as `default`; empty for a bus of the stack's own.

    `state_machine_arn` may be that of an alias.
    `kms_key_arn` encrypts the events and the dead letters; it is empty for AWS's own keys.
    """

    prefix: str
    bus_name: str = ""
    state_machine_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str] | None = None


class OrdersEvents(pulumi.ComponentResource):
    """The bus, the rule, its dead-letter queue and the archive.

    Example:
        OrdersEvents(
            "orders-events", OrdersEventsArgs(prefix="shop-dev", state_machine_arn=orders.workflow.alias_arn)
        )
    """

    bus_name: pulumi.Output[str]
    rule_name: pulumi.Output[str]
    dead_letters: aws.sqs.Queue

    def __init__(self, name: str, args: OrdersEventsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:OrdersEvents", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.bus_name, bus_arn = self._bus(name, args)
        self.dead_letters = dead_letter_queue(name, args.prefix, self, kms_key_arn=args.kms_key_arn)
        rule = aws.cloudwatch.EventRule(
            f"{name}-rule",
            name=f"{args.prefix}-{name}",
            description="Orders that were submitted",
            event_bus_name=self.bus_name,
            event_pattern=PATTERN,
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name(self, f"{args.prefix}-{name}-rule"),
            description=f"Lets the rule {args.prefix}-{name} start the orders workflow",
            # The condition that the AWS console writes for a rule's role.
            assume_role_policy=trust_for("events.amazonaws.com", rule.arn),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name="permissions",
            role=role.name,
            policy=document(
                [
                    allow(["states:StartExecution"], [unqualified_arn(args.state_machine_arn)]),
                    *write_with_key(args.kms_key_arn, "states"),
                ]
            ),
            opts=child,
        )
        queue_policy = let_rule_send(name, rule, self.dead_letters, self)
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            event_bus_name=self.bus_name,
            target_id="workflow",
            arn=args.state_machine_arn,
            role_arn=role.arn,
            input_transformer={"input_paths": INPUT_PATHS, "input_template": INPUT_TEMPLATE},
            dead_letter_config={"arn": self.dead_letters.arn},
            retry_policy={
                "maximum_event_age_in_seconds": MAX_EVENT_AGE_SECONDS,
                "maximum_retry_attempts": MAX_ATTEMPTS,
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy, queue_policy]),
        )
        aws.cloudwatch.EventArchive(
            f"{name}-archive",
            name=f"{args.prefix}-{name}",
            description="Orders as they were submitted: a replay makes no order twice that carries an orderId",
            event_source_arn=bus_arn,
            event_pattern=PATTERN,
            retention_days=ARCHIVE_DAYS,
            kms_key_identifier=args.kms_key_arn,
            opts=child,
        )
        self.rule_name = rule.name
        self.register_outputs({"rule_name": self.rule_name})

    def _bus(self, name: str, args: OrdersEventsArgs) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        if args.bus_name:
            existing = aws.cloudwatch.get_event_bus_output(
                name=args.bus_name, opts=pulumi.InvokeOutputOptions(parent=self)
            )
            return existing.name, existing.arn
        bus = aws.cloudwatch.EventBus(
            f"{name}-bus",
            name=f"{args.prefix}-{name}",
            kms_key_identifier=args.kms_key_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return bus.name, bus.arn
