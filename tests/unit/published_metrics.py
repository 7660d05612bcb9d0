"""Metrics that AWS and the functions publish, with their dimensions."""

from collections.abc import Collection

_STATES = ("Started", "Succeeded", "Failed", "TimedOut", "Aborted")

AWS: dict[tuple[str, str], set[str]] = {
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    **{("AWS/States", f"Executions{end}"): {"StateMachineArn"} for end in _STATES},
    ("AWS/States", "ExecutionThrottled"): {"StateMachineArn"},
    ("AWS/States", "ExecutionTime"): {"StateMachineArn"},
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    **{("AWS/Lambda", name): {"FunctionName"} for name in ("Errors", "Throttles", "Duration")},
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html (REST APIs spell them 5XXError)
    **{("AWS/ApiGateway", name): {"ApiId"} for name in ("4xx", "5xx", "Count", "Latency")},
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName"},
}

OUR_NAMESPACE = "Holdpoint"
OUR_DIMENSIONS = {"service"}
"""Those of the lines that Powertools writes; tests/unit/handlers/test_metrics.py holds the handlers to it."""


def check(namespace: str, name: str, dimensions: Collection[str]) -> None:
    """Assert that a metric is published with exactly these dimensions, by which CloudWatch identifies it."""
    if namespace == OUR_NAMESPACE:
        assert set(dimensions) == OUR_DIMENSIONS, name
    else:
        assert (namespace, name) in AWS, f"AWS publishes no {namespace} {name}"
        assert set(dimensions) == AWS[namespace, name], name
