"""The policy in docs/deploy.md: sufficient for every resource of the program, with existing actions only."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from policy_sentry.querying.actions import get_action_data

from tests.unit.recorded_program import ROOT, recorded

POLICIES: list[dict[str, Any]] = [
    json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))
    for name in ("deployer-policy.json", "deployer-options-policy.json")
]

LIMITS = {"inline": 10_240, "managed": 6_144}
"""Characters without white space: of all inline policies of a role together, and of a managed policy.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length"""

LONGEST = {"PREFIX": 20 + 1 + 12, "REGION": len("ap-southeast-1"), "ACCOUNT": 12}
"""Characters of the longest value of each placeholder: projectName and environment may have 20 and 12."""

MADE_BY = {
    "apigatewayv2/api:Api": "apigateway:POST",
    "apigatewayv2/integration:Integration": "apigateway:POST",
    "apigatewayv2/route:Route": "apigateway:POST",
    "apigatewayv2/stage:Stage": "logs:CreateLogDelivery",
    "appautoscaling/policy:Policy": "application-autoscaling:PutScalingPolicy",
    "appautoscaling/target:Target": "application-autoscaling:RegisterScalableTarget",
    "backup/plan:Plan": "backup:CreateBackupPlan",
    "backup/selection:Selection": "backup:CreateBackupSelection",
    "backup/vault:Vault": "backup:CreateBackupVault",
    "cloudwatch/dashboard:Dashboard": "cloudwatch:PutDashboard",
    "cloudwatch/eventArchive:EventArchive": "events:CreateArchive",
    "cloudwatch/eventBus:EventBus": "events:CreateEventBus",
    "cloudwatch/eventConnection:EventConnection": "events:CreateConnection",
    "cloudwatch/eventRule:EventRule": "events:PutRule",
    "cloudwatch/eventTarget:EventTarget": "events:PutTargets",
    "cloudwatch/logGroup:LogGroup": "logs:CreateLogGroup",
    "cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:PutMetricAlarm",
    "cloudwatch/queryDefinition:QueryDefinition": "logs:PutQueryDefinition",
    "dynamodb/table:Table": "dynamodb:CreateTable",
    "ec2/routeTable:RouteTable": "ec2:CreateRouteTable",
    "ec2/routeTableAssociation:RouteTableAssociation": "ec2:AssociateRouteTable",
    "ec2/securityGroup:SecurityGroup": "ec2:CreateSecurityGroup",
    "ec2/subnet:Subnet": "ec2:CreateSubnet",
    "ec2/vpc:Vpc": "ec2:CreateVpc",
    "ec2/vpcEndpoint:VpcEndpoint": "ec2:CreateVpcEndpoint",
    "iam/role:Role": "iam:CreateRole",
    "iam/rolePolicy:RolePolicy": "iam:PutRolePolicy",
    "iam/rolePolicyAttachment:RolePolicyAttachment": "iam:AttachRolePolicy",
    "lambda/alias:Alias": "lambda:CreateAlias",
    "lambda/function:Function": "lambda:CreateFunction",
    "lambda/invocation:Invocation": "lambda:InvokeFunction",
    "lambda/permission:Permission": "lambda:AddPermission",
    "s3/bucket:Bucket": "s3:CreateBucket",
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3/bucketObjectv2:BucketObjectv2": "s3:PutObject",
    "s3/bucketOwnershipControls:BucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3/bucketPolicy:BucketPolicy": "s3:PutBucketPolicy",
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "s3:PutEncryptionConfiguration"
    ),
    "s3/bucketVersioning:BucketVersioning": "s3:PutBucketVersioning",
    "secretsmanager/secret:Secret": "secretsmanager:CreateSecret",
    "secretsmanager/secretVersion:SecretVersion": "secretsmanager:PutSecretValue",
    "sfn/alias:Alias": "states:CreateStateMachineAlias",
    "sfn/stateMachine:StateMachine": "states:CreateStateMachine",
    "sns/topic:Topic": "sns:CreateTopic",
    "sns/topicPolicy:TopicPolicy": "sns:SetTopicAttributes",
    "sns/topicSubscription:TopicSubscription": "sns:Subscribe",
    "sqs/queue:Queue": "sqs:CreateQueue",
    "sqs/queuePolicy:QueuePolicy": "sqs:SetQueueAttributes",
}
"""The call that makes a resource of each type."""


def _granted() -> Iterator[tuple[str, list[str]]]:
    """Return every action with the resources that it is granted on."""
    for statement in [each for policy in POLICIES for each in policy["Statement"]]:
        resources = statement["Resource"]
        for action in statement["Action"]:
            yield action, resources if isinstance(resources, list) else [resources]


def _forms(action: str) -> set[str]:
    """Return the ARN patterns that an action takes; `*` if it takes none, nothing for an unknown action."""
    service, _, name = action.partition(":")
    found = get_action_data(service, name)
    forms = [each["resource_arn_format"] for each in found[service]] if found else []
    return {re.sub(r"\$\{\w+\}", "*", form.replace("${Partition}", "aws")) for form in forms}


def test_policy_allows_every_resource_of_the_program() -> None:
    types = {
        each.type.removeprefix("aws:")
        for each in recorded(
            "dev",
            alarmEmail="a@example.com",
            ordersEventBusName="",
            tableCapacity="provisioned",
            backupSchedule="cron(0 3 * * ? *)",
            vpcCidr="10.42.0.0/24",
        ).resources
    }
    made = {each for each in types if not each.startswith(("holdpoint:", "random:", "pulumi:"))}
    assert made == MADE_BY.keys()
    assert {*MADE_BY.values()} <= {action for action, _ in _granted()}


@pytest.mark.parametrize(("action", "resources"), [*_granted()])
def test_every_action_exists_and_takes_its_resource(action: str, resources: list[str]) -> None:
    forms = _forms(action)
    assert forms, f"AWS has no action {action}"
    taken = forms - {"*"} or forms
    assert any(fnmatchcase(resource, form) for form in taken for resource in resources), (taken, resources)


@pytest.mark.parametrize(("policy", "limit"), [*zip(POLICIES, LIMITS.values(), strict=True)], ids=LIMITS)
def test_policy_with_the_longest_names_fits_its_size_limit(policy: dict[str, Any], limit: int) -> None:
    text = json.dumps(policy, separators=(",", ":"))
    for word, length in LONGEST.items():
        text = text.replace(word, length * "x")
    assert len(text) <= limit
