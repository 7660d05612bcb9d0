"""The secret with the tokens, which commands read to authenticate."""

import json
from typing import Any

from botocore.exceptions import ClientError

from ops.aws.errors import code
from ops.aws.target import Target
from ops.errors import TargetError

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


def current(target: Target) -> dict[str, str]:
    """Return the current tokens.

    Raises:
        TargetError: the secret lacks them.
    """
    found = version(target, CURRENT)
    if found is None:
        raise TargetError("The secret has no value", "Deploy the stack again: pulumi up")
    return found


def version(target: Target, stage: str) -> dict[str, str] | None:
    """Return the tokens of a version stage; None if the secret has no such version.

    Raises:
        TargetError: the content is not a JSON object.
    """
    try:
        answer: dict[str, Any] = target.client("secretsmanager").get_secret_value(
            SecretId=target["secrets_manager_arn"], VersionStage=stage
        )
    except ClientError as error:
        if code(error) == "ResourceNotFoundException" and stage == PREVIOUS:
            return None
        raise
    try:
        content = json.loads(answer.get("SecretString", ""))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        # `from None`: the parser's own error contains the text that it read.
        raise TargetError(f"The {stage} version of the secret is not a JSON object", "Put one with the tokens there")
    return content


def token(target: Target, field: str) -> str:
    """Return one current token.

    Raises:
        TargetError: the secret has no such field.
    """
    found = current(target).get(field)
    if not found:
        raise TargetError(f"The secret has no {field}", "Deploy the stack again: pulumi up")
    return found
