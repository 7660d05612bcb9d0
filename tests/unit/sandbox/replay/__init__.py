"""The calls of the AWS provider (terraform-provider-aws v6) after the creation of a resource, made with boto3.

For each resource type: `READ` makes the calls of the provider's Read and gives the properties that it would store,
under Pulumi's names; `DELETE` makes the calls of its Delete; `DEFAULTS` are the values that the provider assumes for
properties that the program does not give, so that any other value is a difference in the next plan.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay import (
    apigatewayv2,
    applicationautoscaling,
    backup,
    cloudwatch,
    dynamodb,
    ec2,
    events,
    iam,
    kms,
    lambda_,
    logs,
    messaging,
    s3,
    scheduler,
    secretsmanager,
    sfn,
)

Read = Callable[[Clients, Resource], dict[str, Any]]
Delete = Callable[[Clients, Resource], None]

_MODULES = (
    apigatewayv2,
    applicationautoscaling,
    backup,
    cloudwatch,
    dynamodb,
    ec2,
    events,
    iam,
    kms,
    lambda_,
    logs,
    messaging,
    s3,
    scheduler,
    secretsmanager,
    sfn,
)

READ: dict[str, Read] = {token: read for module in _MODULES for token, read in module.READ.items()}
DELETE: dict[str, Delete] = {token: delete for module in _MODULES for token, delete in module.DELETE.items()}
DEFAULTS: dict[str, Mapping[str, Any]] = {
    token: defaults for module in _MODULES for token, defaults in module.DEFAULTS.items()
}
