"""The metrics that alarms and dashboard use: those that AWS publishes, and those that functions publish."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.function import Function
from components.http_api import HttpApi
from components.workflow import Workflow
from facts import METRICS_NAMESPACE


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of one resource, and the statistic to read, such as `Sum` or `p95`."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Output[str]]
    statistic: str = "Sum"


def of_workflow(workflow: Workflow, name: str, statistic: str = "Sum") -> Metric:
    """Return a metric of a state machine's executions.

    https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    """
    dimensions = {"StateMachineArn": workflow.arn}
    return Metric(namespace="AWS/States", name=name, dimensions=dimensions, statistic=statistic)


def of_function(function: Function, name: str, statistic: str = "Sum") -> Metric:
    """Return a metric of a function's calls.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    """
    dimensions = {"FunctionName": function.name}
    return Metric(namespace="AWS/Lambda", name=name, dimensions=dimensions, statistic=statistic)


def of_api(api: HttpApi, name: str, statistic: str = "Sum") -> Metric:
    """Return a metric of an API's requests.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    """
    return Metric(namespace="AWS/ApiGateway", name=name, dimensions={"ApiId": api.id}, statistic=statistic)


def messages_in(queue: aws.sqs.Queue) -> Metric:
    """Return the number of messages in a queue.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    """
    dimensions = {"QueueName": queue.name}
    name = "ApproximateNumberOfMessagesVisible"
    return Metric(namespace="AWS/SQS", name=name, dimensions=dimensions, statistic="Maximum")


def published_by(function: Function, name: str, statistic: str = "Sum") -> Metric:
    """Return a metric that a function's own code publishes. Powertools sets the dimension `service` to its name."""
    return Metric(namespace=METRICS_NAMESPACE, name=name, dimensions={"service": function.name}, statistic=statistic)
