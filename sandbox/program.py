"""Deployment of the Pulumi program onto the sandbox, in place of the AWS provider."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

from sandbox.clients import ACCOUNT_ID, REGION, Clients
from sandbox.engine import plain, run
from sandbox.resource_inputs import Inputs
from sandbox.resource_types import TYPES
from sandbox.stack import Stack

# Answers of the data sources. https://www.pulumi.com/registry/packages/aws/api-docs/
_CALLS: dict[str, dict[str, Any]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "id": ACCOUNT_ID,
        "accountId": ACCOUNT_ID,
        "arn": f"arn:aws:iam::{ACCOUNT_ID}:user/sandbox",
        "userId": "AIDASANDBOX",
    },
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
        "id": REGION,
        "names": [f"{REGION}{letter}" for letter in "abcdef"],
    },
    "aws:index/getRegion:getRegion": {
        "id": REGION,
        "name": REGION,
        "region": REGION,
        "description": "US East (N. Virginia)",
        "endpoint": f"ec2.{REGION}.amazonaws.com",
    },
    "aws:index/getPartition:getPartition": {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    },
}


# The emulator answers these, because it has the buses.
_EVENT_BUS_CALLS = ("aws:cloudwatch/getEventBus:getEventBus",)


class DeploymentError(Exception):
    """The program could not be deployed; the message names the resource and AWS's reason."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A created resource, with its inputs and outputs."""

    type: str
    name: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


class Deployment(Mocks):
    """The mocks that create each registered resource; Pulumi's SDK derives the order from the data flow.

    Pulumi calls it from several threads. After the first failure it creates nothing more.
    """

    def __init__(self, clients: Clients, default_tags: Mapping[str, str]) -> None:
        self.resources: list[Resource] = []
        self.failure: DeploymentError | None = None
        self._clients = clients
        self._default_tags = default_tags
        self._lock = threading.Lock()

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Create one resource. Raises DeploymentError."""
        if self.failure is not None:
            # A new exception, because one that many threads raise would collect all their tracebacks.
            raise DeploymentError(f"{args.typ} '{args.name}' was not created, because another resource failed")
        if args.custom is False:
            # A component exists only in the program: its children are the resources.
            return "", {}
        try:
            resource = self._create(args)
        # Any error of a create function concerns this resource: add its name to the message.
        except Exception as error:
            failure = DeploymentError(f"{args.typ} '{args.name}' was not created: {error}")
            with self._lock:
                self.failure = self.failure or failure
            raise failure from error
        with self._lock:
            self.resources.append(resource)
        return resource.id, dict(resource.outputs)

    def _create(self, args: MockResourceArgs) -> Resource:
        if args.resource_id:
            raise ValueError("the sandbox starts empty, so there is no existing resource to read or import")
        create = TYPES.get(args.typ)
        if create is None:
            raise NotImplementedError(
                f"the sandbox does not know the type {args.typ}: add it to the TYPES of its service's resources.py in "
                "sandbox/services/"
            )
        given = plain(args.inputs)
        inputs = Inputs(args.name, given, self._default_tags)
        if inputs.take("region", REGION) != REGION:
            raise ValueError(f"'region' is '{given['region']}': the sandbox has {REGION} only")
        identifier, outputs = create(self._clients, inputs)
        unused = inputs.unused()
        if unused:
            raise NotImplementedError(
                f"the sandbox does not use {', '.join(unused)}: map it in the create function of its type in "
                "sandbox/services/, or ignore it there with a reason"
            )
        computed = {**outputs, "tagsAll": inputs.tags()} if inputs.takes_tags else outputs
        return Resource(
            type=args.typ, name=args.name, id=identifier, inputs=given, outputs={"region": REGION, **given, **computed}
        )

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """Answer one data source. Raises DeploymentError for an unknown one."""
        if args.token in _EVENT_BUS_CALLS:
            bus = self._clients("events").describe_event_bus(Name=args.args["name"])
            return {"id": bus["Name"], "name": bus["Name"], "arn": bus["Arn"], "region": REGION}, []
        if args.token not in _CALLS:
            self.failure = self.failure or DeploymentError(
                f"the sandbox does not know the data source {args.token}: add it to sandbox/program.py"
            )
            raise self.failure
        return dict(_CALLS[args.token]), []


def deploy(root: Path, stack: Stack, clients: Clients) -> tuple[dict[str, Any], list[Resource]]:
    """Run `__main__.py` in `root` and create the resources that it registers.

    Return the stack outputs and every resource in the order of creation.

    Raises:
        DeploymentError: a resource could not be created; errors of the program itself are raised unchanged.
    """
    deployment = Deployment(clients, stack.default_tags)
    try:
        outputs = run(root, stack, deployment)
    except Exception:
        # Dependent resources fail because of the first failure, and may be reported before it: report the cause.
        if deployment.failure is not None:
            raise deployment.failure from deployment.failure.__cause__
        raise
    if deployment.failure is not None:
        raise deployment.failure
    return outputs, deployment.resources
