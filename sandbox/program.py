"""Runs the Pulumi program, unchanged, with the sandbox in the place of the engine and the AWS provider."""

import asyncio
import contextlib
import contextvars
import logging
import runpy
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.config import set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.settings import reset_options, set_root_resource
from pulumi.runtime.stack import run_in_stack

from sandbox.clients import ACCOUNT_ID, REGION, Clients
from sandbox.resources import TYPES
from sandbox.resources.inputs import Inputs
from sandbox.stack import DEFAULT_TAGS, Stack

_STACK_TYPE = "pulumi:pulumi:Stack"

# What data sources answer here. https://www.pulumi.com/registry/packages/aws/api-docs/
_CALLS: dict[str, dict[str, str]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "id": ACCOUNT_ID,
        "accountId": ACCOUNT_ID,
        "arn": f"arn:aws:iam::{ACCOUNT_ID}:user/sandbox",
        "userId": "AIDASANDBOX",
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


class DeploymentError(Exception):
    """The program could not be deployed; the text names the resource and what AWS said."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource that was created: what the program gave, and what came back."""

    type: str
    name: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


class Deployment(Mocks):
    """Creates each resource that the program registers; Pulumi's SDK decides the order by the data that flows.

    Pulumi calls it from several threads at once. After the first failure nothing more is created.
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
            # A new exception: one that is raised in many threads would gather all their tracebacks.
            raise DeploymentError(f"{args.typ} '{args.name}' was not created, because another resource failed")
        if args.custom is False:
            # A component exists in the program only: its children are the resources.
            return "", {}
        try:
            resource = self._create(args)
        # Whatever a create function raises is about this resource, and has to be told with its name.
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
                f"the sandbox does not know the type {args.typ}: add it to the TYPES of its service's module in "
                "sandbox/resources/"
            )
        given = _plain(args.inputs)
        inputs = Inputs(args.name, given, self._default_tags)
        if inputs.take("region", REGION) != REGION:
            raise ValueError(f"'region' is '{given['region']}': the sandbox has {REGION} only")
        identifier, outputs = create(self._clients, inputs)
        unused = inputs.unused()
        if unused:
            raise NotImplementedError(
                f"the sandbox does not use {', '.join(unused)}: map it in the create function of its type in "
                "sandbox/resources/, or ignore it there with a reason"
            )
        return Resource(
            type=args.typ, name=args.name, id=identifier, inputs=given, outputs={"region": REGION, **given, **outputs}
        )

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """Answer one data source. Raises DeploymentError for one that the sandbox does not know."""
        if args.token not in _CALLS:
            self.failure = self.failure or DeploymentError(
                f"the sandbox does not know the data source {args.token}: add it to sandbox/program.py"
            )
            raise self.failure
        return dict(_CALLS[args.token]), []


class _Monitor(MockMonitor):
    """Keeps the stack's outputs, which Pulumi's own mock monitor drops."""

    def __init__(self, deployment: Deployment) -> None:
        super().__init__(deployment)
        self.outputs: dict[str, Any] = {}

    # The name is that of the engine's call.
    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        # A URN's third part is the type, with the types of its parents before it.
        if request.urn.split("::")[2] == _STACK_TYPE:
            self.outputs = _plain(rpc.deserialize_properties(request.outputs))
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # Pulumi's mocks are untyped


def deploy(root: Path, stack: Stack, clients: Clients) -> tuple[dict[str, Any], list[Resource]]:
    """Run `__main__.py` in `root` and create what it registers.

    Gives the stack outputs and every resource in the order of creation.

    Raises:
        DeploymentError: a resource could not be created; the program's own errors pass as they are.
    """
    # A fresh thread has an event loop and a context of its own, so that deployments in one process cannot meet.
    result: list[tuple[dict[str, Any], list[Resource]]] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            result.append(contextvars.Context().run(_deploy, root, stack, clients))
        # Handed over to the caller's thread.
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="sandbox-deployment")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return result[0]


def _deploy(root: Path, stack: Stack, clients: Clients) -> tuple[dict[str, Any], list[Resource]]:
    deployment = Deployment(clients, stack.default_tags)
    monitor = _Monitor(deployment)
    with contextlib.chdir(root), _importable(root):
        try:
            asyncio.run(_run(root, stack, deployment, monitor))
        except Exception as error:
            # Dependents fail because of the first failure, and may be met before it: tell the cause.
            if deployment.failure is not None:
                raise deployment.failure from deployment.failure.__cause__
            raise error
        finally:
            reset_options()
    if deployment.failure is not None:
        raise deployment.failure
    return monitor.outputs, deployment.resources


async def _run(root: Path, stack: Stack, deployment: Deployment, monitor: _Monitor) -> None:
    set_mocks(
        deployment,
        project=stack.project,
        stack=stack.name,
        preview=False,
        monitor=monitor,
        logger=logging.getLogger("sandbox.program"),
    )
    # set_mocks makes a finished stack, for tests that have none; the program gets one that collects its exports.
    set_root_resource(None)  # type: ignore[arg-type]  # the setter's annotation forgets the initial value
    set_all_config({key: value for key, value in stack.config.items() if key != DEFAULT_TAGS})
    program = root / "__main__.py"

    def main() -> None:
        runpy.run_path(str(program), run_name="__main__")

    await run_in_stack(main)


@contextlib.contextmanager
def _importable(root: Path) -> Iterator[None]:
    """The program imports its packages from its own folder, as `python __main__.py` would."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))


def _plain(value: Any) -> Any:
    """A value off the engine's wire: secrets opened, and whole numbers as integers (the wire has floats only)."""
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, pulumi.Output):
        raise TypeError("an input arrived unresolved")
    return value
