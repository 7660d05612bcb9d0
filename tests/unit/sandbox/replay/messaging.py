"""SQS and SNS as the provider reads and deletes them."""

import json
from typing import Any

from sandbox.clients import ACCOUNT_ID, Clients
from sandbox.program import Resource
from sandbox.services.sqs.resources import QUEUE_ATTRIBUTES
from tests.unit.sandbox.replay.answers import absent, tags


def _value(text: str) -> Any:
    # Attributes are strings on the wire; policies stay text.
    return text if text.startswith("{") or not text else json.loads(text)


def _queue(clients: Clients, resource: Resource) -> dict[str, Any]:
    url = resource.id
    found = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    properties = {
        key: _value(found[attribute])
        for key, attribute in QUEUE_ATTRIBUTES.items()
        if attribute in found and key not in {"policy", "kmsMasterKeyId"}
    }
    return {
        "name": found["QueueArn"].rsplit(":", 1)[1],
        "kmsMasterKeyId": found.get("KmsMasterKeyId", ""),
        **properties,
        "tags": clients("sqs").list_queue_tags(QueueUrl=url).get("Tags", {}),
    }


def _delete_queue(clients: Clients, resource: Resource) -> None:
    clients("sqs").delete_queue(QueueUrl=resource.id)
    gone = "AWS.SimpleQueueService.NonExistentQueue"
    assert absent(gone, call=clients("sqs").get_queue_attributes, QueueUrl=resource.id, AttributeNames=["All"])


def _queue_policy(clients: Clients, resource: Resource) -> dict[str, Any]:
    answer = clients("sqs").get_queue_attributes(QueueUrl=resource.id, AttributeNames=["Policy"])
    return {"queueUrl": resource.id, "policy": answer["Attributes"]["Policy"]}


def _delete_queue_policy(clients: Clients, resource: Resource) -> None:
    clients("sqs").set_queue_attributes(QueueUrl=resource.id, Attributes={"Policy": ""})
    answer = clients("sqs").get_queue_attributes(QueueUrl=resource.id, AttributeNames=["Policy"])
    assert not answer.get("Attributes", {}).get("Policy")


def _topic(clients: Clients, resource: Resource) -> dict[str, Any]:
    found = clients("sns").get_topic_attributes(TopicArn=resource.id)["Attributes"]
    assert found["Owner"] == ACCOUNT_ID
    return {
        "name": found["TopicArn"].rsplit(":", 1)[1],
        "displayName": found.get("DisplayName", ""),
        "kmsMasterKeyId": found.get("KmsMasterKeyId", ""),
        "deliveryPolicy": found.get("DeliveryPolicy", ""),
        "fifoTopic": found.get("FifoTopic", "false") == "true",
        "tags": tags(clients("sns").list_tags_for_resource(ResourceArn=resource.id)["Tags"]),
    }


def _delete_topic(clients: Clients, resource: Resource) -> None:
    clients("sns").delete_topic(TopicArn=resource.id)
    assert absent("NotFound", call=clients("sns").get_topic_attributes, TopicArn=resource.id)


def _topic_policy(clients: Clients, resource: Resource) -> dict[str, Any]:
    found = clients("sns").get_topic_attributes(TopicArn=resource.id)["Attributes"]
    return {"arn": found["TopicArn"], "policy": found["Policy"]}


def _delete_topic_policy(clients: Clients, resource: Resource) -> None:
    # The provider puts AWS's default policy back: it cannot be empty.
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["SNS:Publish"], "Resource": resource.id}
    policy = json.dumps({"Version": "2008-10-17", "Statement": [statement]})
    clients("sns").set_topic_attributes(TopicArn=resource.id, AttributeName="Policy", AttributeValue=policy)


def _subscription(clients: Clients, resource: Resource) -> dict[str, Any]:
    found = clients("sns").get_subscription_attributes(SubscriptionArn=resource.id)["Attributes"]
    assert found["PendingConfirmation"] == "false"
    return {
        "topic": found["TopicArn"],
        "protocol": found["Protocol"],
        "endpoint": found["Endpoint"],
        "filterPolicy": found.get("FilterPolicy", ""),
        "rawMessageDelivery": found.get("RawMessageDelivery", "false") == "true",
        "redrivePolicy": found.get("RedrivePolicy", ""),
    }


def _delete_subscription(clients: Clients, resource: Resource) -> None:
    clients("sns").unsubscribe(SubscriptionArn=resource.id)
    assert absent("NotFound", call=clients("sns").get_subscription_attributes, SubscriptionArn=resource.id)


READ = {
    "aws:sqs/queue:Queue": _queue,
    "aws:sqs/queuePolicy:QueuePolicy": _queue_policy,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicPolicy:TopicPolicy": _topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
}
DELETE = {
    "aws:sqs/queue:Queue": _delete_queue,
    "aws:sqs/queuePolicy:QueuePolicy": _delete_queue_policy,
    "aws:sns/topic:Topic": _delete_topic,
    "aws:sns/topicPolicy:TopicPolicy": _delete_topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": _delete_subscription,
}
DEFAULTS = {
    "aws:sqs/queue:Queue": {
        "delaySeconds": 0,
        "kmsMasterKeyId": "",
        "messageRetentionSeconds": 345600,
        "receiveWaitTimeSeconds": 0,
        "sqsManagedSseEnabled": True,
        "visibilityTimeoutSeconds": 30,
    },
    "aws:sns/topic:Topic": {"deliveryPolicy": "", "displayName": "", "fifoTopic": False, "kmsMasterKeyId": ""},
    "aws:sns/topicSubscription:TopicSubscription": {
        "filterPolicy": "",
        "rawMessageDelivery": False,
        "redrivePolicy": "",
    },
}
