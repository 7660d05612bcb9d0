"""Pulumi resource types of the sandbox: one module per service, each with its `TYPES`."""

from collections.abc import Callable
from typing import Any

from sandbox.clients import Clients
from sandbox.resources import random
from sandbox.resources.inputs import Inputs
from sandbox.services.apigateway import resources as apigatewayv2
from sandbox.services.applicationautoscaling import resources as applicationautoscaling
from sandbox.services.backup import resources as backup
from sandbox.services.cloudwatch import resources as cloudwatch
from sandbox.services.dynamodb import resources as dynamodb
from sandbox.services.ec2 import resources as ec2
from sandbox.services.eventbridge import resources as events
from sandbox.services.iam import resources as iam
from sandbox.services.kms import resources as kms
from sandbox.services.lambda_ import resources as lambda_
from sandbox.services.logs import resources as logs
from sandbox.services.s3 import resources as s3
from sandbox.services.scheduler import resources as scheduler
from sandbox.services.secretsmanager import resources as secretsmanager
from sandbox.services.sns import resources as sns
from sandbox.services.sqs import resources as sqs
from sandbox.services.stepfunctions import resources as sfn

Create = Callable[[Clients, Inputs], tuple[str, dict[str, Any]]]
"""Creates one resource; gives its id and the outputs that the provider computes, under Pulumi's names."""

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
