"""Delivery of a message to a dead-letter queue or destination: SQS or SNS."""

from collections.abc import Mapping

from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn


class UnknownDestinationError(ValueError):
    """The sandbox cannot deliver to the service of the ARN."""


def deliver(arn: str, body: str, attributes: Mapping[str, str], group: str | None = None) -> None:
    """Send `body` with string message attributes to the queue or topic.

    Raises UnknownDestinationError for another service, and moto's own error if the queue or topic does not exist.
    """
    target = parse_arn(arn)
    if target.service == "sqs":
        sqs_backends[target.account][target.region].send_message(
            queue_name=target.resource_id,
            message_body=body,
            message_attributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
            group_id=group,
        )
    elif target.service == "sns":
        sns_backends[target.account][target.region].publish(
            body,
            arn=arn,
            message_attributes={name: {"Type": "String", "Value": value} for name, value in attributes.items()},
            group_id=group,
        )
    else:
        raise UnknownDestinationError(f"the sandbox delivers to SQS queues and SNS topics, not to {arn}")
