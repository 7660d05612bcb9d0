"""What the program registers with the engine, as the engine hands it on to a policy pack."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import analyzer_pb2, resource_pb2

from components import bundle
from sandbox import memory
from sandbox.engine import run
from sandbox.stack import load
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import ROOT


@dataclass(frozen=True)
class Registrations:
    """A stack: each resource before it is made, with its inputs, and all of them afterwards, with their outputs."""

    inputs: tuple[analyzer_pb2.AnalyzeRequest, ...]
    outputs: tuple[analyzer_pb2.AnalyzerResource, ...]


def registrations(stack: str, *, preview: bool = False, **config: Any) -> Registrations:
    """What the program registers for a stack, with other values of some keys than the stack has."""
    return _run(stack, preview, json.dumps(config))


@cache
def _run(stack: str, preview: bool, config: str) -> Registrations:
    settings = load(ROOT, stack, json.loads(config), encrypted="not-read")
    seen: list[tuple[resource_pb2.RegisterResourceRequest, resource_pb2.RegisterResourceResponse]] = []
    register = MockMonitor.RegisterResource

    def remember(monitor: MockMonitor, request: Any) -> Any:
        response = register(monitor, request)  # type: ignore[no-untyped-call]  # Pulumi's mocks are untyped
        seen.append((request, response))
        return response

    with memory.starting(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(MockMonitor, "RegisterResource", remember)
        patch.setattr(bundle, "build", lambda *_: Path(".cache/bundle.zip"))
        run(ROOT, settings, Recording(preview=preview), preview=preview)
    return Registrations(
        tuple(_before(request, response.urn, settings.default_tags) for request, response in seen),
        tuple(_after(request, response, settings.default_tags) for request, response in seen),
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
    """The properties with what the AWS provider adds: its default tags, in `tagsAll` of whatever takes tags.

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
