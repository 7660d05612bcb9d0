"""Rules: a role has only the permissions that it needs."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

from rules.documents import Statement, actions, allowing, resources
from rules.reading import listed

_X_RAY = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html"
_LOG_DELIVERY = "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"
_CLOUDWATCH = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html"

_LAMBDA_VPC = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"

ON_ANY_RESOURCE = {
    "xray:PutTraceSegments": _X_RAY,
    "xray:PutTelemetryRecords": _X_RAY,
    "xray:GetSamplingRules": _X_RAY,
    "xray:GetSamplingTargets": _X_RAY,
    "xray:GetSamplingStatisticSummaries": _X_RAY,
    "logs:CreateLogDelivery": _LOG_DELIVERY,
    "logs:GetLogDelivery": _LOG_DELIVERY,
    "logs:UpdateLogDelivery": _LOG_DELIVERY,
    "logs:DeleteLogDelivery": _LOG_DELIVERY,
    "logs:ListLogDeliveries": _LOG_DELIVERY,
    "logs:PutResourcePolicy": _LOG_DELIVERY,
    "logs:DescribeResourcePolicies": _LOG_DELIVERY,
    "logs:DescribeLogGroups": _LOG_DELIVERY,
    "cloudwatch:PutMetricData": _CLOUDWATCH,
    "cloudwatch:ListMetrics": _CLOUDWATCH,
    "ec2:AssignPrivateIpAddresses": _LAMBDA_VPC,
    "ec2:CreateNetworkInterface": _LAMBDA_VPC,
    "ec2:DeleteNetworkInterface": _LAMBDA_VPC,
    "ec2:DescribeNetworkInterfaces": _LAMBDA_VPC,
    "ec2:DescribeSubnets": _LAMBDA_VPC,
    "ec2:UnassignPrivateIpAddresses": _LAMBDA_VPC,
}
"""Actions for which AWS accepts only `*`, with their source."""

_WITH_DOCUMENT = {
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
}
_ATTACHMENTS = {
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
}
_ROLE = "aws:iam/role:Role"

_WIDE_POLICIES = ("AdministratorAccess", "PowerUserAccess", "FullAccess")
"""Suffixes of the names of AWS's own policies that allow a whole service, or everything."""


def _check(args: ResourceValidationArgs, report: ReportViolation) -> None:
    reasons: Mapping[str, str] = args.get_config().get("reasons") or {}
    let_through = {action.lower() for action in (*ON_ANY_RESOURCE, *reasons)}
    for document in _documents(args):
        for statement in allowing(document):
            for problem in _problems(statement, let_through):
                report(f"The policy of '{args.name}' {problem}", args.urn)
    for arn in _attached(args):
        if ":iam::aws:policy/" in arn and arn.endswith(_WIDE_POLICIES):
            report(f"'{args.name}' takes AWS's policy {arn}, which allows too much. Write one of its own.", args.urn)


def _problems(statement: Statement, let_through: set[str]) -> Iterator[str]:
    for key in ("NotAction", "NotResource"):
        if key in statement:
            yield f"allows everything but what it names in {key}. Name what is allowed."
    # A pattern such as `s3:Get*` is allowed only if it is listed itself.
    named = [action for action in actions(statement) if action.lower() not in let_through]
    for action in named:
        if "*" in action or "?" in action:
            yield f"allows {action}. Name each action."
    wide = [arn for arn in resources(statement) if _is_wide(arn)]
    if wide and named:
        yield (
            f"allows {', '.join(named)} on {', '.join(wide)}. Name the resources; where AWS takes no other, give "
            "action and reason in this rule's setting `reasons`."
        )


def _is_wide(arn: str) -> bool:
    """Return whether a resource is too wide: `*`, an ARN with a wildcard before its last part, or one whose last part
    is `*`.

    An ARN that ends in a wildcard, such as a bucket's objects or a state machine's executions, is not too wide.
    """
    *place, name = arn.split(":", 5)
    return "*" in "".join(place) or name.startswith("*")


def _documents(args: ResourceValidationArgs) -> Iterator[Any]:
    if args.resource_type in _WITH_DOCUMENT:
        yield args.props.get("policy")
    elif args.resource_type == _ROLE:
        yield from (inline.get("policy") for inline in listed(args.props.get("inlinePolicies")))


def _attached(args: ResourceValidationArgs) -> list[str]:
    if args.resource_type in _ATTACHMENTS:
        return [str(args.props.get("policyArn"))]
    if args.resource_type == _ROLE:
        return [str(arn) for arn in listed(args.props.get("managedPolicyArns"))]
    return []


NO_WILDCARDS = ResourceValidationPolicy(
    name="no-wildcards",
    description="A policy names each action and each resource: an attacker can use everything that it allows beyond "
    "need.",
    enforcement_level=EnforcementLevel.MANDATORY,
    config_schema=PolicyConfigSchema(
        properties={
            "reasons": {
                "type": "object",
                "additionalProperties": {"type": "string", "minLength": 1},
                "default": {},
                "description": "Further actions that may be allowed on `*`, each with its reason. Those that AWS takes "
                "on nothing else are known.",
            }
        }
    ),
    validate=_check,
    remediation_steps="Name the actions and resources. Where AWS takes `*` only, give action and reason in `reasons`.",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
