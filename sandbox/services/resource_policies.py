"""Evaluates resource policies: which AWS service may do what to a function or a queue, on behalf of what."""

import json
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.sqs.models import Queue


def may_invoke(function: LambdaFunction, service: str, source_arn: str) -> bool:
    """Tell whether `service` (such as "events.amazonaws.com") may invoke the function for `source_arn`.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    """
    return _allowed(function.policy.statements, "lambda:InvokeFunction", service, source_arn)


def may_send(queue: Queue, service: str, source_arn: str) -> bool:
    """Tell whether `service` may send messages to the queue for `source_arn`.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions
    """
    policy = queue.policy or {}
    document = json.loads(policy) if isinstance(policy, str) else policy
    return _allowed(document.get("Statement") or [], "sqs:SendMessage", service, source_arn)


def _allowed(statements: Iterable[dict[str, Any]], action: str, service: str, source_arn: str) -> bool:
    matching = {s["Effect"] for s in statements if _applies(s, action, service, source_arn)}
    return "Allow" in matching and "Deny" not in matching


def _applies(statement: dict[str, Any], action: str, service: str, source_arn: str) -> bool:
    principal = statement.get("Principal")
    services = principal.get("Service", principal.get("AWS")) if isinstance(principal, dict) else principal
    return (
        ("*" in _listed(services) or service in _listed(services))
        and any(fnmatchcase(action.lower(), pattern.lower()) for pattern in _listed(statement.get("Action")))
        and all(
            _holds(operator, key.lower(), _listed(values), source_arn)
            for operator, conditions in (statement.get("Condition") or {}).items()
            for key, values in conditions.items()
        )
    )


def _holds(operator: str, key: str, wanted: list[str], source_arn: str) -> bool:
    # AWS services call over TLS.
    facts = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4], "aws:securetransport": "true"}
    actual = facts.get(key)
    if actual is None:
        return False
    if operator in {"ArnLike", "ArnEquals", "StringLike"}:
        return any(fnmatchcase(actual, pattern) for pattern in wanted)
    return operator in {"StringEquals", "Bool"} and actual in wanted


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
