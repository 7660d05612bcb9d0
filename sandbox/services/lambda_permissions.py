"""Evaluates a function's resource policy: which AWS service may invoke it, on behalf of what."""

from fnmatch import fnmatchcase
from typing import Any

from moto.awslambda.models import LambdaFunction

_INVOKE = {"lambda:invokefunction", "lambda:*", "*"}


def may_invoke(function: LambdaFunction, service: str, source_arn: str) -> bool:
    """Tell whether `service` (such as "events.amazonaws.com") may invoke the function for `source_arn`.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    """
    return any(_allows(statement, service, source_arn) for statement in function.policy.statements)


def _allows(statement: dict[str, Any], service: str, source_arn: str) -> bool:
    principal = statement.get("Principal")
    services = principal.get("Service") if isinstance(principal, dict) else principal
    actions = statement.get("Action")
    return (
        statement.get("Effect") == "Allow"
        and (services == "*" or service in _listed(services))
        and any(action.lower() in _INVOKE for action in _listed(actions))
        and all(
            _holds(operator, key.lower(), _listed(values), source_arn)
            for operator, conditions in (statement.get("Condition") or {}).items()
            for key, values in conditions.items()
        )
    )


def _holds(operator: str, key: str, wanted: list[str], source_arn: str) -> bool:
    actual = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4]}.get(key)
    if actual is None:
        return False
    if operator in {"ArnLike", "ArnEquals", "StringLike"}:
        return any(fnmatchcase(actual, pattern) for pattern in wanted)
    return operator == "StringEquals" and actual in wanted


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
