"""SQS: queues and their policies."""

from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs, given, texts

MAX_QUEUE_NAME = 80
# The suffix that the name of a FIFO queue must have.
FIFO_SUFFIX = ".fifo"

# Pulumi's input -> the API's queue attribute.
QUEUE_ATTRIBUTES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deduplicationScope": "DeduplicationScope",
    "delaySeconds": "DelaySeconds",
    "fifoQueue": "FifoQueue",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}


def _queue(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    suffix = FIFO_SUFFIX if args.take("fifoQueue") else ""
    name = args.name(prefix="namePrefix", limit=MAX_QUEUE_NAME, suffix=suffix)
    tags = args.tags()
    attributes = given(**{attribute: args.take(key) for key, attribute in QUEUE_ATTRIBUTES.items()})
    url = clients("sqs").create_queue(QueueName=name, Attributes=texts(attributes), tags=tags)["QueueUrl"]
    arn = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return url, {"name": name, "arn": arn, "url": url}


def _queue_policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    url = args.require("queueUrl")
    clients("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": args.require("policy")})
    return url, {}


TYPES = {
    "aws:sqs/queue:Queue": _queue,
    "aws:sqs/queuePolicy:QueuePolicy": _queue_policy,
}
