"""Pulumi provider of AWS resources on the sandbox, for machines without the AWS provider's plugin.

It creates with the sandbox's resource functions, and reads, updates and deletes with the calls of the real provider
(tests/unit/sandbox/replay). The engine attaches to it by PULUMI_DEBUG_PROVIDERS.
"""

import contextlib
import json
from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
import pulumi
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.clients import Clients
from sandbox.engine import plain
from sandbox.program import Deployment, Resource
from tests.engine.identity import GET_CALLER_IDENTITY, identity
from tests.unit.sandbox.replay import DELETE, READ
from tests.unit.sandbox.replay.changes import CHANGES, PUTS
from tests.unit.sandbox.replay.differences import NOT_READ, alike

PACKAGES = ("aws", "random")

_IDENTITY = {
    *("apiId", "arn", "bucket", "dashboardName", "eventBusName", "functionName", "key", "name", "policyName"),
    *("queueUrl", "role", "rule", "secretId", "topic"),
    "code",
}
"""Properties whose change replaces the resource, unless `CHANGES` has it: those by which AWS finds it, and a function's
code, for simplicity."""

_COMPUTED = {
    "aws:lambda/function:Function": ("version", "qualifiedArn"),
    "aws:sfn/stateMachine:StateMachine": ("stateMachineVersionArn",),
}
"""Properties that AWS computes anew with every update."""

_ONLY_HASH = {rpc._special_sig_key, "hash"}


class SandboxProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The calls of the engine; an exception of the sandbox reaches the engine as an error of the resource."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._default_tags: dict[str, str] = {}
        self._identity: dict[str, str] = {}

    def Attach(self, _request: Any, _context: Any) -> Any:
        """Accept the engine, which calls this first."""
        return Empty()

    def Handshake(self, _request: Any, _context: Any) -> Any:
        """Agree on the least: without acceptSecrets the engine opens secrets, and marks the answers as secret again."""
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        """Give no version: the engine would hold it against the one that the program asks for."""
        return plugin_pb2.PluginInfo()

    def CheckConfig(self, request: Any, _context: Any) -> Any:
        """Accept the provider's configuration."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, _request: Any, _context: Any) -> Any:
        """Find no change of configuration that concerns a resource."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, _context: Any) -> Any:
        """Keep the default tags and the identity. Both packages are configured here, and only `aws` has such keys."""
        if "defaultTags" in request.args:
            self._default_tags = json.loads(request.args["defaultTags"])["tags"]
        if "region" in request.args:
            self._identity = identity(self._clients.endpoint_url, MessageToDict(request.args))
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Invoke(self, request: Any, _context: Any) -> Any:
        """Answer a data source."""
        result, _ = self._deployment().call(MockCallArgs(request.tok, _properties(request.args), ""))
        response = provider_pb2.InvokeResponse()
        known = self._identity if request.tok == GET_CALLER_IDENTITY else {}
        getattr(response, "return").update({**result, **known})
        return response

    def Check(self, request: Any, _context: Any) -> Any:
        """Accept the inputs; create() refuses what AWS would refuse."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, _context: Any) -> Any:
        """Compare inputs; say what is changed in place and what needs a new resource."""
        changed = _changed(request)
        is_fixed = request.type not in CHANGES and request.type not in PUTS
        in_place = CHANGES[request.type][1] if request.type in CHANGES else {}
        kinds = provider_pb2.DiffResponse
        return provider_pb2.DiffResponse(
            changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE,
            diffs=changed,
            replaces=[key for key in changed if is_fixed or (key in _IDENTITY and key not in in_place)],
            # Two cannot have one name at the same time.
            deleteBeforeReplace="name" in request.news and "name" not in changed,
        )

    def Create(self, request: Any, _context: Any) -> Any:
        """Create the resource; in a preview, leave unknown what AWS computes."""
        if request.preview:
            return provider_pb2.CreateResponse(properties=request.properties)
        identifier, outputs = self._create(request, request.properties)
        return provider_pb2.CreateResponse(id=identifier, properties=_with(request.properties, outputs))

    def Read(self, request: Any, _context: Any) -> Any:
        """Read the resource from the sandbox; properties that are as they were keep their form."""
        if request.type not in READ:
            return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
        old = _properties(request.properties)
        found = READ[request.type](self._clients, self._resource(request, request.inputs, request.properties))
        expected = {**old, "tags": old.get("tagsAll")}
        drift = {
            key: value
            for key, value in found.items()
            if expected.get(key) is not None and key not in NOT_READ and not alike(expected[key], value)
        }
        known = {key: value for key, value in drift.items() if key in request.inputs}
        return provider_pb2.ReadResponse(
            id=request.id, properties=_with(request.properties, drift), inputs=_with(request.inputs, known)
        )

    def Update(self, request: Any, _context: Any) -> Any:
        """Change the resource in place. A property that the program gives no more keeps its value."""
        outputs: dict[str, Any] = {}
        computed = _COMPUTED.get(request.type, ())
        if not request.preview and request.type in CHANGES:
            update, _ = CHANGES[request.type]
            new = _properties(request.news)
            changed = {key: new[key] for key in _changed(request) if key in new and key not in NOT_READ}
            old = self._resource(request, request.old_inputs, request.olds)
            update(self._clients, old, changed)
            if computed:
                found = READ[request.type](self._clients, old)
                outputs = {key: found[key] for key in computed}
        elif not request.preview:
            _, outputs = self._create(request, request.news)
        merged = _with(request.olds, {})
        merged.MergeFrom(request.news)
        for key in computed if request.preview else ():
            del merged[key]
        return provider_pb2.UpdateResponse(properties=_with(merged, outputs))

    def Delete(self, request: Any, _context: Any) -> Any:
        """Delete the resource."""
        if request.type in DELETE:
            DELETE[request.type](self._clients, self._resource(request, request.old_inputs, request.properties))
        return Empty()

    def Cancel(self, _request: Any, _context: Any) -> Any:
        """Do nothing: every call is short."""
        return Empty()

    def _deployment(self) -> Deployment:
        # A new one for each call: after a failure it refuses to go on, and here the engine decides that.
        return Deployment(self._clients, self._default_tags)

    def _create(self, request: Any, inputs: Any) -> tuple[str, dict[str, Any]]:
        given = MockResourceArgs(request.type, request.name, _properties(inputs), custom=True)
        identifier, outputs = self._deployment().new_resource(given)
        return str(identifier), outputs

    def _resource(self, request: Any, inputs: Any, outputs: Any) -> Resource:
        return Resource(
            type=request.type,
            name=request.name,
            id=request.id,
            inputs=_properties(inputs),
            outputs=_properties(outputs),
        )


def _properties(struct: Any) -> dict[str, Any]:
    # The state keeps the hash alone of an archive, which is none to the SDK.
    readable = {
        key: value
        for key, value in MessageToDict(struct).items()
        if not (isinstance(value, dict) and value.keys() == _ONLY_HASH)
    }
    known = Struct()
    known.update(readable)
    properties: dict[str, Any] = plain(rpc.deserialize_properties(known))
    return properties


def _with(struct: Any, changes: dict[str, Any]) -> Any:
    """Return a copy of `struct` with `changes`; archives stay as the engine sent them."""
    copy = type(struct)()
    copy.CopyFrom(struct)
    for key, value in changes.items():
        if value is not None and not isinstance(value, pulumi.Asset | pulumi.Archive):
            copy[key] = value
    return copy


def _changed(request: Any) -> list[str]:
    old, new = MessageToDict(request.old_inputs), MessageToDict(request.news)
    return sorted(key for key in old.keys() | new.keys() if _content(old.get(key)) != _content(new.get(key)))


def _content(value: Any) -> Any:
    """Return what is compared: of an archive its hash, because its path differs between machines."""
    return value.get("hash", value) if isinstance(value, dict) else value


@contextlib.contextmanager
def serving(clients: Clients) -> Iterator[int]:
    """Serve the provider on the loopback interface; gives the port."""
    server = grpc.server(futures.ThreadPoolExecutor(16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(SandboxProvider(clients), server)
    port: int = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None).wait()
