"""SNS: topics, their policies and subscriptions."""

from typing import Any

from sandbox.clients import ACCOUNT_ID, Clients
from sandbox.resources.inputs import Inputs, given, tag_list

MAX_TOPIC_NAME = 256
FIFO_SUFFIX = ".fifo"

# Pulumi's input -> the API's attribute.
_TOPIC = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "fifoTopic": "FifoTopic",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}
_SUBSCRIPTION = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}


def _attributes(args: Inputs, names: dict[str, str]) -> dict[str, str]:
    values = {attribute: args.take(key) for key, attribute in names.items()}
    return {
        attribute: str(value).lower() if isinstance(value, bool) else str(value)
        for attribute, value in values.items()
        if value is not None
    }


def _topic(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    suffix = FIFO_SUFFIX if args.take("fifoTopic") else ""
    name = args.name(prefix="namePrefix", limit=MAX_TOPIC_NAME, suffix=suffix)
    tags = args.tags()
    arn = clients("sns").create_topic(
        **given(Name=name, Attributes=_attributes(args, _TOPIC), Tags=tag_list(tags) or None)
    )["TopicArn"]
    return arn, {"name": name, "arn": arn, "owner": ACCOUNT_ID, "tagsAll": tags}


def _topic_policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    arn = args.require("arn")
    clients("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=args.require("policy"))
    return arn, {"owner": ACCOUNT_ID}


def _topic_subscription(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    for option in ("confirmationTimeoutInMinutes", "endpointAutoConfirms"):
        args.ignore(option, "the sandbox confirms every subscription at once")
    arn = clients("sns").subscribe(
        TopicArn=args.require("topic"),
        Protocol=args.require("protocol"),
        Endpoint=args.require("endpoint"),
        Attributes=_attributes(args, _SUBSCRIPTION),
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
