"""SNS: topics, their policies and subscriptions."""

from typing import Any

from sandbox.clients import ACCOUNT_ID, Clients
from sandbox.resource_inputs import Inputs, given, tag_list, texts

MAX_TOPIC_NAME = 256
FIFO_SUFFIX = ".fifo"


def _topic(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    suffix = FIFO_SUFFIX if args.take("fifoTopic") else ""
    name = args.name(prefix="namePrefix", limit=MAX_TOPIC_NAME, suffix=suffix)
    attributes = args.parameters(
        "contentBasedDeduplication",
        "deliveryPolicy",
        "displayName",
        "fifoTopic",
        "kmsMasterKeyId",
        "policy",
        "signatureVersion",
        "tracingConfig",
    )
    created = clients("sns").create_topic(**given(Name=name, Attributes=texts(attributes), Tags=tag_list(args.tags())))
    arn = created["TopicArn"]
    return arn, {"name": name, "arn": arn, "owner": ACCOUNT_ID}


def _topic_policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    arn = args.require("arn")
    clients("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=args.require("policy"))
    return arn, {"owner": ACCOUNT_ID}


def _topic_subscription(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    for option in ("confirmationTimeoutInMinutes", "endpointAutoConfirms"):
        args.ignore(option, "the sandbox confirms every subscription at once")
    attributes = args.parameters(
        "deliveryPolicy",
        "filterPolicy",
        "filterPolicyScope",
        "rawMessageDelivery",
        "redrivePolicy",
        "subscriptionRoleArn",
    )
    arn = clients("sns").subscribe(
        TopicArn=args.require("topic"),
        Protocol=args.require("protocol"),
        Endpoint=args.require("endpoint"),
        Attributes=texts(attributes),
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return arn, {
        "arn": arn,
        "ownerId": ACCOUNT_ID,
        "pendingConfirmation": False,
        "confirmationWasAuthenticated": True,
    }


TYPES = {
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicPolicy:TopicPolicy": _topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": _topic_subscription,
}
