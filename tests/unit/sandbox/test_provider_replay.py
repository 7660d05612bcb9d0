"""`pulumi up` without a change and with one, and `pulumi destroy`, by the provider's own calls."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

import sandbox
from sandbox.clients import Clients
from sandbox.embedded import Aws
from sandbox.program import Resource, deploy
from sandbox.server import Server
from sandbox.stack import load
from tests.unit.sandbox.replay import DEFAULTS, DELETE, READ
from tests.unit.sandbox.replay.changes import CHANGES
from tests.unit.sandbox.replay.strict import StrictReader

EVERY_TYPE = Path(__file__).parent / "programs" / "every_type"
RANDOM = "random:"
SERVICES = (
    *("apigatewayv2", "cloudwatch", "dynamodb", "events", "iam", "kms", "lambda", "logs", "s3", "scheduler"),
    *("secretsmanager", "sns", "sqs", "stepfunctions"),
)

# What the provider keeps from the program, because AWS does not tell it again.
NOT_READ = {
    "bucketPrefix",
    "code",
    "content",
    "deletionWindowInDays",
    "forceDestroy",
    "isEnabled",
    "namePrefix",
    "recoveryWindowInDays",
    "source",
}


@pytest.fixture
def reader() -> StrictReader:
    return StrictReader()


@pytest.fixture(
    params=[EVERY_TYPE, pytest.param(sandbox.ROOT, marks=pytest.mark.soak)], ids=["every-type", "holdpoint"]
)
def aws(request: pytest.FixtureRequest, reader: StrictReader) -> Iterator[Aws]:
    """As `sandbox.running` does it, with every call watched from the first one on."""
    root: Path = request.param
    with Server() as server:
        clients = Clients(server.endpoint_url)
        for service in SERVICES:
            reader.watch(clients(service))
        outputs, resources = deploy(root, load(root, "dev"), clients)
        yield Aws(
            endpoint_url=server.endpoint_url, outputs=outputs, resources=resources, clients=clients, server=server
        )


def test_second_plan_is_empty_as_is_one_after_changes_and_destroy_leaves_nothing(
    aws: Aws, reader: StrictReader
) -> None:
    resources = [resource for resource in aws.resources if not resource.type.startswith(RANDOM)]
    differences = [text for resource in resources for text in _differences(aws, resource)]
    assert differences == []
    assert list(_differences_after_changes(aws, resources)) == []

    for resource in reversed(resources):
        DELETE[resource.type](aws.clients, resource)
    assert _left(aws) == {}
    assert {"lambda.CreateFunction", "lambda.GetFunction"} <= reader.seen
    assert sorted(set(reader.problems)) == []


def _differences(aws: Aws, resource: Resource) -> Iterator[str]:
    try:
        found = READ[resource.type](aws.clients, resource)
    except Exception as error:
        yield f"{resource.type} '{resource.name}' cannot be read back: {type(error).__name__}: {error}"
        return
    expected = {**DEFAULTS.get(resource.type, {}), **resource.inputs}
    if "tagsAll" in resource.outputs:
        expected["tags"] = resource.outputs["tagsAll"]
    for key, value in expected.items():
        if key in NOT_READ and key not in found:
            continue
        if key not in found:
            yield f"{resource.type} '{resource.name}': {key} is not read back"
        elif not _alike(value, found[key]):
            yield f"{resource.type} '{resource.name}': {key} was {value!r}, and AWS says {found[key]!r}"


def _differences_after_changes(aws: Aws, resources: Sequence[Resource]) -> Iterator[str]:
    """Change a resource of each type as the provider does, and compare it with what a plan would then expect."""
    for kind, (update, new) in CHANGES.items():
        # An alarm on an expression has other properties than one on a metric.
        resource = next((r for r in resources if r.type == kind and "metricQueries" not in r.inputs), None)
        if resource is None:
            continue
        try:
            update(aws.clients, resource, new)
        except ClientError as error:
            yield f"{kind} '{resource.name}' cannot be changed: {error}"
            continue
        yield from _differences(aws, replace(resource, inputs={**resource.inputs, **new}))


def _alike(given: Any, found: Any) -> bool:
    """Whether the provider sees no difference: what was not given inside a block is its business."""
    if isinstance(given, dict) and isinstance(found, dict):
        return all(key in found and _alike(value, found[key]) for key, value in given.items())
    if isinstance(given, list) and isinstance(found, list):
        ours, theirs = sorted(given, key=_order), sorted(found, key=_order)
        return len(ours) == len(theirs) and all(_alike(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(given, str) and isinstance(found, str) and given.startswith("{") and given != found:
        return bool(json.loads(given) == json.loads(found))
    return bool(given == found)


def _order(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("id") or value)
    return str(value)


def _left(aws: Aws) -> dict[str, Any]:
    """What still exists, by service; keys are left for the days that AWS keeps them."""
    client = aws.client
    listed = {
        "buckets": client("s3").list_buckets()["Buckets"],
        "tables": client("dynamodb").list_tables()["TableNames"],
        "roles": client("iam").list_roles()["Roles"],
        "policies": client("iam").list_policies(Scope="Local")["Policies"],
        "functions": client("lambda").list_functions()["Functions"],
        "log groups": client("logs").describe_log_groups()["logGroups"],
        "log policies": client("logs").describe_resource_policies()["resourcePolicies"],
        "queries": client("logs").describe_query_definitions()["queryDefinitions"],
        "APIs": client("apigatewayv2").get_apis()["Items"],
        "secrets": client("secretsmanager").list_secrets()["SecretList"],
        "state machines": client("stepfunctions").list_state_machines()["stateMachines"],
        "queues": client("sqs").list_queues().get("QueueUrls", []),
        "topics": client("sns").list_topics()["Topics"],
        "subscriptions": client("sns").list_subscriptions()["Subscriptions"],
        "alarms": client("cloudwatch").describe_alarms()["MetricAlarms"],
        "dashboards": client("cloudwatch").list_dashboards()["DashboardEntries"],
        "rules": client("events").list_rules()["Rules"],
        "connections": client("events").list_connections()["Connections"],
        "archives": client("events").list_archives()["Archives"],
        "buses": [bus for bus in client("events").list_event_buses()["EventBuses"] if bus["Name"] != "default"],
        "schedules": client("scheduler").list_schedules()["Schedules"],
        "key aliases": [a for a in client("kms").list_aliases()["Aliases"] if "/aws/" not in a["AliasName"]],
    }
    return {kind: things for kind, things in listed.items() if things}
