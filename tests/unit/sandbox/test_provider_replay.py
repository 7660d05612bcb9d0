"""`pulumi up` without a change and with one, and `pulumi destroy`, by the provider's own calls."""

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
from tests.unit.sandbox.replay import DEFAULTS, DELETE, READ, deployer, tagging
from tests.unit.sandbox.replay.changes import CHANGES, FIXED, PUTS
from tests.unit.sandbox.replay.differences import NOT_READ, alike
from tests.unit.sandbox.replay.left import left
from tests.unit.sandbox.replay.strict import StrictReader

EVERY_TYPE = Path(__file__).parent / "programs" / "every_type"
RANDOM = "random:"
NEW_TAGS = {"costs": "shop"}
SERVICES = (
    *(
        "apigatewayv2",
        "application-autoscaling",
        "backup",
        "cloudwatch",
        "dynamodb",
        "ec2",
        "events",
        "iam",
        "kms",
        "lambda",
        "logs",
    ),
    *("s3", "s3control", "scheduler", "secretsmanager", "sns", "sqs", "stepfunctions"),
)


@pytest.fixture
def reader() -> StrictReader:
    return StrictReader()


@pytest.fixture
def calls() -> set[str]:
    """Return the calls of the deployment and of the replay, such as `lambda.CreateFunction`."""
    return set()


@pytest.fixture(
    params=[EVERY_TYPE, pytest.param(sandbox.ROOT, marks=pytest.mark.soak)], ids=["every-type", "holdpoint"]
)
def aws(request: pytest.FixtureRequest, reader: StrictReader, calls: set[str]) -> Iterator[Aws]:
    """As `sandbox.running` does it, with every call watched from the first one on."""

    def note(model: Any, **_: Any) -> None:
        calls.add(f"{model.service_model.service_name}.{model.name}")

    root: Path = request.param
    with Server() as server:
        clients = Clients(server.endpoint_url)
        for service in SERVICES:
            reader.watch(clients(service))
            clients(service).meta.events.register("provide-client-params", note)
        outputs, resources = deploy(root, load(root, "dev"), clients)
        yield Aws(
            endpoint_url=server.endpoint_url, outputs=outputs, resources=resources, clients=clients, server=server
        )


def test_second_plan_is_empty_as_is_one_after_changes_and_destroy_leaves_nothing(
    aws: Aws, reader: StrictReader, calls: set[str]
) -> None:
    resources = [resource for resource in aws.resources if not resource.type.startswith(RANDOM)]
    differences = [text for resource in resources for text in _differences(aws, resource)]
    assert differences == []
    assert list(_differences_after_changes(aws, resources)) == []

    for resource in reversed(resources):
        DELETE[resource.type](aws.clients, resource)
    assert {"s3.CreateBucket", "s3control.TagResource", "sqs.SetQueueAttributes"} <= calls
    assert deployer.denied(calls) == []
    assert left(aws.clients) == {}
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
        elif not alike(value, found[key]):
            yield f"{resource.type} '{resource.name}': {key} was {value!r}, and AWS says {found[key]!r}"


def _differences_after_changes(aws: Aws, resources: Sequence[Resource]) -> Iterator[str]:
    """Change a resource of each type as the provider does, and compare all of them with what a plan would then expect.

    A change of one resource leaves the others as they are: a queue keeps the policy that is a resource of its own.
    """
    expected = {resource.name: resource for resource in resources}
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
        expected[resource.name] = replace(resource, inputs={**resource.inputs, **new})
    for resource in expected.values():
        yield from _differences(aws, _tagged(aws, resource))


def _tagged(aws: Aws, resource: Resource) -> Resource:
    """Give a resource a further tag, as a change of the stack's default tags does."""
    if "tagsAll" not in resource.outputs:
        return resource
    tagging.tag(aws.clients, resource, NEW_TAGS)
    return replace(resource, outputs={**resource.outputs, "tagsAll": {**resource.outputs["tagsAll"], **NEW_TAGS}})


def test_change_of_every_type_is_replayed_or_there_is_a_reason_for_none() -> None:
    assert sorted(READ) == sorted([*CHANGES, *PUTS, *FIXED])
