"""Reader of IAM policy documents."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rules.reading import listed

Statement = Mapping[str, Any]


def statements(document: Any) -> list[Statement]:
    """Return the statements of a JSON document; none for invalid text, which the provider itself refuses."""
    try:
        parsed = json.loads(document) if document else {}
    except ValueError:
        return []
    return [each for each in listed(parsed.get("Statement")) if isinstance(each, Mapping)]


def allowing(document: Any) -> list[Statement]:
    """Return the statements that allow actions."""
    return [statement for statement in statements(document) if statement.get("Effect") == "Allow"]


def principals(statement: Statement) -> list[tuple[str, str]]:
    """Return the principals of a statement as pairs such as `("Service", "events.amazonaws.com")`."""
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        return [(kind, str(who)) for kind, names in principal.items() for who in listed(names)]
    return [("AWS", str(who)) for who in listed(principal)]


def conditions(statement: Statement) -> Iterator[tuple[str, str, list[str]]]:
    """Yield operator, lower-case key, and values of every condition. Keys and operators ignore case."""
    for operator, pairs in (statement.get("Condition") or {}).items():
        for key, values in pairs.items():
            yield operator, key.lower(), [str(value) for value in listed(values)]


def actions(statement: Statement) -> list[str]:
    """Return the actions that a statement names."""
    return [str(action) for action in listed(statement.get("Action"))]


def resources(statement: Statement) -> list[str]:
    """Return the resources that a statement names."""
    return [str(resource) for resource in listed(statement.get("Resource"))]


def is_for_everyone(statement: Statement) -> bool:
    """Return whether a statement has a principal of `*`, whatever its conditions are."""
    return any(who == "*" for _, who in principals(statement))


_ACTIONS_TO_DENY = {
    "s3": {"*", "s3:*"},
    "sqs": {"*", "sqs:*"},
    # The action in AWS's own example: no other one sends data to a topic.
    "sns": {"*", "sns:*", "sns:publish"},
}
"""The actions that a Deny has to cover: any other stays open to plain HTTP."""


def denies_plain_http(document: Any, service: str) -> bool:
    """Return whether a document refuses every request to `s3`, `sqs` or `sns` that comes without TLS.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
    https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
    """
    return any(_denies_plain_http(statement, service) for statement in statements(document))


def _denies_plain_http(statement: Statement, service: str) -> bool:
    on_plain_http = [
        (operator.lower(), key, [value.lower() for value in values]) for operator, key, values in conditions(statement)
    ] == [("bool", "aws:securetransport", ["false"])]
    return (
        statement.get("Effect") == "Deny"
        and is_for_everyone(statement)
        and on_plain_http
        and bool(_ACTIONS_TO_DENY[service] & {action.lower() for action in actions(statement)})
        and (service != "s3" or _covers_bucket_and_objects(resources(statement)))
    )


def _covers_bucket_and_objects(arns: list[str]) -> bool:
    of_objects = [arn.endswith("/*") for arn in arns]
    return "*" in arns or (any(of_objects) and not all(of_objects))
