"""Resource policies of queues, topics, secrets and functions."""

import json
from collections.abc import Iterable
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import Queue, sqs_backends
from moto.utilities.arns import parse_arn

from sandbox.iam.policies import Access, Document, evaluate


def may_invoke(function: LambdaFunction, service: str, source_arn: str) -> bool:
    """Return whether `service` (such as "events.amazonaws.com") may invoke the function for `source_arn`.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    """
    # Statements apply only to the function; moto writes its ARN into each, with or without a qualifier.
    statements = [{**statement, "Resource": "*"} for statement in function.policy.statements]
    return _allows([{"Statement": statements}], "lambda:InvokeFunction", function.function_arn, service, source_arn)


def may_send(queue: Queue, service: str, source_arn: str) -> bool:
    """Return whether `service` may send messages to the queue for `source_arn`.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions
    """
    return _allows(_read(queue.policy), "sqs:SendMessage", str(queue.queue_arn), service, source_arn)


def documents(resource_arn: str) -> list[Document]:
    """Return the policies of a queue, topic or secret, which apply in addition to those of the role.

    moto itself evaluates the policies of buckets.
    """
    if not resource_arn.startswith("arn:"):
        return []
    arn = parse_arn(resource_arn)
    if arn.service == "sqs":
        queue = sqs_backends[arn.account][arn.region].queues.get(arn.resource_id)
        return _read(queue.policy) if queue is not None else []
    if arn.service == "sns":
        topic = sns_backends[arn.account][arn.region].topics.get(resource_arn)
        return _read(topic.policy) if topic is not None else []
    if arn.service == "secretsmanager":
        secret = secretsmanager_backends[arn.account][arn.region].secrets.get(resource_arn)
        return _read(getattr(secret, "policy", None))
    return []


def _allows(found: Iterable[Document], action: str, resource: str, service: str, source_arn: str) -> bool:
    # AWS services call over TLS.
    context = {
        "aws:SourceArn": source_arn,
        "aws:SourceAccount": source_arn.split(":")[4],
        "aws:SecureTransport": "true",
    }
    return evaluate(found, Access(action, resource, context), frozenset({service})).allowed


def _read(policy: Any) -> list[Document]:
    if not policy:
        return []
    return [json.loads(policy) if isinstance(policy, str) else policy]
