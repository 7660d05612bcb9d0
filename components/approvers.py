"""The approvers of a stack's holds: each gets the messages with their own links, and no others."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.topic import SNS_KEY, Topic, TopicArgs


@dataclass(frozen=True, kw_only=True)
class ApproversArgs:
    """`addresses` are email addresses in lower case, as `asl.hold.addresses` returns them."""

    prefix: str
    addresses: Sequence[str]
    kms_key_arn: pulumi.Input[str] | None = None


class Approvers(pulumi.ComponentResource):
    """A topic with one subscription for each approver, which AWS sends only the messages that name the approver.

    Each approver has to confirm the subscription, which proves that the address is theirs.

    Example:
        Approvers("approvers", ApproversArgs(prefix="shop-dev", addresses=["ann@example.com"]))
    """

    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ApproversArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Approvers", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        key = SNS_KEY if args.kms_key_arn is None else args.kms_key_arn
        topic = Topic(f"{name}-links", TopicArgs(prefix=args.prefix, kms_key=key), opts=child)
        for address in args.addresses:
            aws.sns.TopicSubscription(
                f"{name}-{address}",
                topic=topic.arn,
                protocol="email",
                endpoint=address,
                # The sweeper puts the address into the attributes of the message.
                filter_policy=json.dumps({"approver": [address]}),
                filter_policy_scope="MessageAttributes",
                opts=child,
            )
        self.topic_arn = topic.arn
        self.register_outputs({"topic_arn": self.topic_arn})
