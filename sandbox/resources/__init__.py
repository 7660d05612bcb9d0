"""How each resource type is created in the sandbox: one module per service, each with its `TYPES`."""

from collections.abc import Callable
from typing import Any

from sandbox.clients import Clients
from sandbox.resources import (
    apigatewayv2,
    cloudwatch,
    dynamodb,
    events,
    iam,
    kms,
    lambda_,
    logs,
    random,
    s3,
    scheduler,
    secretsmanager,
    sfn,
    sns,
    sqs,
)
from sandbox.resources.inputs import Inputs

Create = Callable[[Clients, Inputs], tuple[str, dict[str, Any]]]
"""Creates one resource; gives its id and the outputs that the provider computes, under Pulumi's names."""

_MODULES = (
    apigatewayv2,
    cloudwatch,
    dynamodb,
    events,
    iam,
    kms,
    lambda_,
    logs,
    random,
    s3,
    scheduler,
    secretsmanager,
    sfn,
    sns,
    sqs,
)

TYPES: dict[str, Create] = {token: create for module in _MODULES for token, create in module.TYPES.items()}
"""Pulumi type token -> the function that creates it."""
