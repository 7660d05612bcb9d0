"""The resources that a program registers with the engine, as the engine passes them to a policy pack."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from google.protobuf import struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockMonitor, Mocks
from pulumi.runtime.proto import analyzer_pb2, resource_pb2

from sandbox.engine import run
from sandbox.stack import Stack


@dataclass(frozen=True)
class Registrations:
    """A stack: each resource before its creation, with its inputs, and all of them afterwards, with their outputs."""

    inputs: tuple[analyzer_pb2.AnalyzeRequest, ...]
    outputs: tuple[analyzer_pb2.AnalyzerResource, ...]


def register(root: Path, stack: Stack, mocks: Mocks, *, preview: bool = False) -> Registrations:
    """Run the program in `root` for a stack, and return what it registers.

    Raises:
        Exception: any error of the program.
    """
    seen: list[tuple[resource_pb2.RegisterResourceRequest, resource_pb2.RegisterResourceResponse]] = []
    accept = MockMonitor.RegisterResource

    def remember(monitor: MockMonitor, request: Any) -> Any:
        response = accept(monitor, request)  # type: ignore[no-untyped-call]  # Pulumi's mocks are untyped
        seen.append((request, response))
        return response

    with patch.object(MockMonitor, "RegisterResource", remember):
        run(root, stack, mocks, preview=preview)
    return Registrations(
        tuple(_before(request, response.urn, stack.default_tags) for request, response in seen),
        tuple(_after(request, response, stack.default_tags) for request, response in seen),
    )


def _before(
    request: resource_pb2.RegisterResourceRequest, urn: str, default_tags: Mapping[str, str]
) -> analyzer_pb2.AnalyzeRequest:
    properties = _checked(request.type, request.object, default_tags)
    return analyzer_pb2.AnalyzeRequest(type=request.type, name=request.name, urn=urn, properties=properties)


def _after(
    request: resource_pb2.RegisterResourceRequest,
    response: resource_pb2.RegisterResourceResponse,
    default_tags: Mapping[str, str],
) -> analyzer_pb2.AnalyzerResource:
    return analyzer_pb2.AnalyzerResource(
        type=request.type,
        name=request.name,
        urn=response.urn,
        properties=_checked(request.type, response.object, default_tags),
        parent=request.parent,
        dependencies=request.dependencies,
        propertyDependencies={
            name: analyzer_pb2.AnalyzerPropertyDependencies(urns=found.urns)
            for name, found in request.propertyDependencies.items()
        },
    )


def _checked(type_: str, given: struct_pb2.Struct, default_tags: Mapping[str, str]) -> struct_pb2.Struct:
    """Return the properties with the default tags that the AWS provider adds to every resource that takes tags.

    https://github.com/pulumi/pulumi-aws/blob/master/provider/tags.go
    """
    properties = struct_pb2.Struct()
    properties.CopyFrom(given)
    if _takes_tags(type_):
        own = dict(given["tags"]) if "tags" in given else {}
        properties.update({"tagsAll": {**default_tags, **own}})
    return properties


@cache
def _takes_tags(type_: str) -> bool:
    package, module, name = type_.split(":")
    if package != "aws":
        return False
    importlib.import_module(f"pulumi_aws.{module.split('/')[0]}".replace(".lambda", ".lambda_"))
    classes = rpc._RESOURCE_MODULES[f"{package}:{module}"][0].mod_info  # type: ignore[attr-defined]  # of pulumi_aws
    return hasattr(getattr(importlib.import_module(classes["fqn"]), name), "tags_all")
