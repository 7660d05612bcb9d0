"""Names in AWS: prefix of project and environment, within the limits, unique."""

import re
from typing import Any

import pytest

from tests.unit.components.recording import Recording, Registered
from tests.unit.recorded_program import STACKS, recorded

NAME_LIMITS = {
    "aws:apigatewayv2/api:Api": 128,
    "aws:cloudwatch/dashboard:Dashboard": 255,
    "aws:cloudwatch/eventArchive:EventArchive": 48,
    "aws:cloudwatch/eventBus:EventBus": 256,
    "aws:cloudwatch/eventConnection:EventConnection": 64,
    "aws:cloudwatch/eventRule:EventRule": 64,
    "aws:cloudwatch/logGroup:LogGroup": 512,
    "aws:cloudwatch/metricAlarm:MetricAlarm": 255,
    "aws:cloudwatch/queryDefinition:QueryDefinition": 255,
    "aws:appautoscaling/policy:Policy": 256,
    "aws:backup/plan:Plan": 50,
    "aws:backup/selection:Selection": 50,
    "aws:backup/vault:Vault": 50,
    "aws:dynamodb/table:Table": 255,
    "aws:ec2/securityGroup:SecurityGroup": 255,
    "aws:iam/role:Role": 64,
    "aws:lambda/function:Function": 64,
    "aws:secretsmanager/secret:Secret": 512,
    "aws:sfn/stateMachine:StateMachine": 80,
    "aws:sns/topic:Topic": 256,
    "aws:sqs/queue:Queue": 80,
}
"""AWS's limits for the names of resources with a unique name in the account, in characters."""

NAME_INPUTS = {"aws:s3/bucket:Bucket": "bucketPrefix", "aws:cloudwatch/dashboard:Dashboard": "dashboardName"}
"""The property with the name, if it is not `name`."""

BUCKET_PREFIX_LIMIT = 37
"""A bucket's name has 63 characters, of which the provider adds 26."""

UNNAMED = {
    "aws:appautoscaling/target:Target",
    "aws:apigatewayv2/integration:Integration",
    "aws:apigatewayv2/route:Route",
    "aws:apigatewayv2/stage:Stage",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:lambda/alias:Alias",
    "aws:lambda/invocation:Invocation",
    "aws:lambda/permission:Permission",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:sfn/alias:Alias",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
    "random:index/randomPassword:RandomPassword",
}
"""Parts of other resources, what has no name in AWS, and the bucket, which has a prefix."""


EVERYTHING: dict[str, Any] = {
    "tableCapacity": "provisioned",
    "backupSchedule": "cron(0 3 * * ? *)",
    "vpcCidr": "10.42.0.0/24",
}
"""Settings with which a stack has more types of resources."""


@pytest.fixture(params=STACKS)
def program(request: pytest.FixtureRequest) -> Recording:
    """Return the resources of a stack."""
    return recorded(request.param)


def _physical_name(resource: Registered) -> str:
    name: str = resource.inputs[NAME_INPUTS.get(resource.type, "name")]
    return name


def _named(recording: Recording) -> list[Registered]:
    return [each for each in recording.resources if each.is_custom and each.type not in UNNAMED]


def test_every_type_is_known_to_these_tests(program: Recording) -> None:
    types = {each.type for each in program.resources if each.is_custom}
    assert types <= UNNAMED | NAME_LIMITS.keys()
    whole = recorded("dev", ordersEventBusName="", **EVERYTHING)
    assert {each.type for each in whole.resources if each.is_custom} == UNNAMED | NAME_LIMITS.keys()


def test_names_begin_with_project_and_environment() -> None:
    recording = recorded("dev", projectName="p-x", environment="e7", **EVERYTHING)
    for resource in _named(recording):
        name = _physical_name(resource)
        # A saved query stands in a folder of that name.
        assert re.match(r"(/aws/[a-z/]+/)?p-x-e7[-/]", name), f"{resource.type} is named {name}"
    assert _physical_name(recording.all("s3/bucket:Bucket")[0]) == "p-x-e7-"


def test_the_longest_names_are_within_the_limits() -> None:
    recording = recorded("dev", projectName="p" * 20, environment="e" * 12, **EVERYTHING)
    for resource in _named(recording):
        name = _physical_name(resource)
        assert len(name) <= NAME_LIMITS[resource.type], f"{resource.type} is named {name}"
    assert len(_physical_name(recording.all("s3/bucket:Bucket")[0])) <= BUCKET_PREFIX_LIMIT


def test_names_are_unique_within_a_type(program: Recording) -> None:
    names = [(each.type, _physical_name(each)) for each in _named(program)]
    assert len(set(names)) == len(names)


def test_stacks_share_no_name() -> None:
    dev, staging = (
        {(each.type, _physical_name(each)) for each in _named(recorded(stack))} for stack in ("dev", "staging")
    )
    assert dev
    assert not dev & staging
