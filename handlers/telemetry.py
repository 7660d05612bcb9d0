"""Structured logs and metrics, without tokens, secrets or bodies."""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

Handler = Callable[[dict[str, Any], LambdaContext], Any]


@cache
def logger() -> Logger:
    """Return the logger: one JSON object a line, so that no value can forge a line. Service and level from the
    environment.
    """
    return Logger(json_serializer=_line)


def _line(record: dict[str, Any]) -> str:
    """Return one line of printable ASCII.

    Powertools leaves other characters unchanged, and a request may contain any: lone surrogates, which cannot be
    written, line separators, and control sequences of a terminal.
    """
    return json.dumps(record, default=str, separators=(",", ":")).replace("\x7f", "\\u007f")


@cache
def metrics() -> Metrics:
    """Return the metrics, published as log lines (EMF). Namespace and service from the environment."""
    return Metrics()


def count(name: str, value: float = 1) -> None:
    """Add to the metric `name` of this invocation."""
    metrics().add_metric(name=name, unit=MetricUnit.Count, value=value)


def logged(handler: Handler) -> Handler:
    """Add the request id to every log line of an invocation, and clear what the previous one added."""

    @wraps(handler)
    def entry(event: dict[str, Any], context: LambdaContext) -> Any:
        return logger().inject_lambda_context(handler, clear_state=True)(event, context)

    return entry


def measured(handler: Handler) -> Handler:
    """Publish the metrics of the invocation when it ends, also if it fails."""

    @wraps(handler)
    def entry(event: dict[str, Any], context: LambdaContext) -> Any:
        return metrics().log_metrics(handler)(event, context)

    return entry
