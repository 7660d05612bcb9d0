"""Rules on broken resources of the program, in the engine's own format."""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import StackValidationPolicy

from rules.pack import POLICIES
from tests.unit.policy.pack import Pack
from tests.unit.policy.registrations import registrations

Properties: TypeAlias = Any
"""A `google.protobuf.struct_pb2.Struct`, which has no type information."""

Break = Callable[[Properties], None]

FUNCTION, MACHINE = "aws:lambda/function:Function", "aws:sfn/stateMachine:StateMachine"
LOG_GROUP, STAGE = "aws:cloudwatch/logGroup:LogGroup", "aws:apigatewayv2/stage:Stage"
ROLE_POLICY, QUEUE_POLICY = "aws:iam/rolePolicy:RolePolicy", "aws:sqs/queuePolicy:QueuePolicy"

BY_NAME = {policy.name: policy for policy in POLICIES}

ON_NO_RESOURCE = {
    "queue-visibility": "no function of the program reads a queue",
    "own-keys": "off by default; test_program.py switches it on",
}
"""Rules that no resource of the current program can violate."""


def _set(value: Any, *path: str) -> Break:
    def change(properties: Properties) -> None:
        *outer, last = path
        for key in outer:
            properties = properties.get_or_create_struct(key)
        properties.update({last: value})

    return change


def _without(name: str) -> Break:
    def change(properties: Properties) -> None:
        assert name in properties, f"there is no {name} to take away"
        del properties[name]

    return change


def _statements(rewrite: Callable[[dict[str, Any]], None]) -> Break:
    def change(properties: Properties) -> None:
        document = json.loads(properties["policy"])
        for statement in document["Statement"]:
            rewrite(statement)
        properties.update({"policy": json.dumps(document)})

    return change


def _definition(rewrite: Callable[[dict[str, Any]], object]) -> Break:
    def change(properties: Properties) -> None:
        definition = json.loads(properties["definition"])
        rewrite(definition)
        properties.update({"definition": json.dumps(definition)})

    return change


BREAKS: list[tuple[str, str, Break]] = [
    (
        "public-access-blocked",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        _set(False, "ignorePublicAcls"),
    ),
    ("no-public-acl", "aws:s3/bucket:Bucket", _set("public-read", "acl")),
    ("no-public-policy", "aws:lambda/permission:Permission", _without("sourceArn")),
    ("no-public-policy", QUEUE_POLICY, _statements(lambda statement: statement.pop("Condition"))),
    ("no-wildcards", ROLE_POLICY, _statements(lambda statement: statement.update(Resource="*"))),
    ("no-wildcards", ROLE_POLICY, _statements(lambda statement: statement.update(Action="dynamodb:*"))),
    ("no-secrets-in-environment", FUNCTION, _set("hunter22", "environment", "variables", "DB_PASSWORD")),
    ("tls-only", "aws:s3/bucketPolicy:BucketPolicy", _statements(lambda each: each.update(Action="s3:GetObject"))),
    ("tls-only", QUEUE_POLICY, _statements(lambda statement: statement.update(Effect="Allow"))),
    ("tls-only", "aws:sns/topicPolicy:TopicPolicy", _statements(lambda each: each.update(Condition={}))),
    ("queues-encrypted", "aws:sqs/queue:Queue", _set(False, "sqsManagedSseEnabled")),
    ("topics-encrypted", "aws:sns/topic:Topic", _set("", "kmsMasterKeyId")),
    ("table-recovery", "aws:dynamodb/table:Table", _set(False, "pointInTimeRecovery", "enabled")),
    (
        "buckets-versioned",
        "aws:s3/bucketVersioning:BucketVersioning",
        _set("Suspended", "versioningConfiguration", "status"),
    ),
    ("delivery-dead-letters", "aws:cloudwatch/eventTarget:EventTarget", _without("deadLetterConfig")),
    ("function-dead-letters", FUNCTION, _set({}, "deadLetterConfig")),
    ("state-machine-timeouts", MACHINE, _definition(lambda machine: machine.pop("TimeoutSeconds"))),
    ("state-machine-timeouts", MACHINE, _definition(lambda machine: machine.update(TimeoutSeconds=1))),
    ("api-timeout", FUNCTION, _set(30, "timeout")),
    ("task-timeout", FUNCTION, _set(46, "timeout")),
    ("api-throttled", STAGE, _without("defaultRouteSettings")),
    ("runtime-supported", FUNCTION, _set("python3.8", "runtime")),
    ("log-retention", LOG_GROUP, _without("retentionInDays")),
    ("state-machine-log", MACHINE, _set("OFF", "loggingConfiguration", "level")),
    ("state-machine-log", MACHINE, _set(True, "loggingConfiguration", "includeExecutionData")),
    ("api-access-log", STAGE, _without("accessLogSettings")),
    ("tracing-on", FUNCTION, _set("PassThrough", "tracingConfig", "mode")),
    ("tracing-on", MACHINE, _set(False, "tracingConfiguration", "enabled")),
    ("tags-required", "aws:sqs/queue:Queue", _set({"Project": "holdpoint"}, "tagsAll")),
]

ABSENCES = [
    ("guarded", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
    ("guarded", "aws:s3/bucketPolicy:BucketPolicy"),
    ("guarded", "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
    ("guarded", QUEUE_POLICY),
    ("guarded", "aws:sns/topicPolicy:TopicPolicy"),
    ("buckets-versioned", "aws:s3/bucketVersioning:BucketVersioning"),
    ("function-log-groups", LOG_GROUP),
]


def _broken(resource: Any, type_: str, change: Break) -> Any:
    """Return a copy of a request or of a resource, broken if it is of the type."""
    copy = type(resource)()
    copy.CopyFrom(resource)
    if copy.type == type_:
        change(copy.properties)
    return copy


@pytest.mark.parametrize(("rule", "type_", "change"), BREAKS, ids=[f"{rule}-{type_}" for rule, type_, _ in BREAKS])
def test_a_broken_resource_is_reported(pack: Pack, rule: str, type_: str, change: Break) -> None:
    stack = registrations("dev")
    if isinstance(BY_NAME[rule], StackValidationPolicy):
        diagnostics = pack.analyze_stack([_broken(resource, type_, change) for resource in stack.outputs])
    else:
        requests = [_broken(request, type_, change) for request in stack.inputs if request.type == type_]
        diagnostics = [diagnostic for request in requests for diagnostic in pack.analyze(request)]
    assert rule in {diagnostic.policyName for diagnostic in diagnostics}
    assert all("can't run policy" not in diagnostic.message for diagnostic in diagnostics)


@pytest.mark.parametrize(("rule", "type_"), ABSENCES)
@pytest.mark.parametrize("preview", [False, True], ids=["update", "preview"])
def test_a_missing_resource_is_reported(pack: Pack, rule: str, type_: str, preview: bool) -> None:
    outputs = registrations("dev", preview=preview).outputs
    left: list[analyzer_pb2.AnalyzerResource] = [resource for resource in outputs if resource.type != type_]
    assert len(left) < len(outputs)
    assert {diagnostic.policyName for diagnostic in pack.analyze_stack(left)} == {rule}


def test_every_rule_is_broken_here() -> None:
    broken = {rule for rule, *_ in [*BREAKS, *ABSENCES]}
    assert broken | ON_NO_RESOURCE.keys() == {policy.name for policy in POLICIES}
    assert not broken & ON_NO_RESOURCE.keys()
