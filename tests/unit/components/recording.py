"""Recorder of the resources that components register with Pulumi, for assertions on their inputs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks

from sandbox.engine import plain

ACCOUNT = "123456789012"
REGION = "us-east-1"


@dataclass(frozen=True)
class Registered:
    """One registered resource: its inputs with secrets opened, and as they were sent."""

    type: str
    name: str
    inputs: dict[str, Any]
    sent: dict[str, Any]
    is_custom: bool

    @property
    def public(self) -> str:
        """Return the text of all inputs that are no secrets."""
        return json.dumps(_public(self.sent), default=str)


@dataclass
class Recording(Mocks):
    """Mock provider: returns ARNs made of the resources' names, and keeps every request.

    In a preview it knows no more of a resource than its inputs.
    """

    preview: bool = False
    resources: list[Registered] = field(default_factory=list)
    dependencies: dict[str, set[str]] = field(default_factory=dict)
    """Logical name -> logical names of what has to be there first; filled by `Monitor`."""
    protected: set[str] = field(default_factory=set)
    """Logical names of what Pulumi refuses to delete; filled by `Monitor`."""
    retained: set[str] = field(default_factory=set)
    """Logical names of what stays when Pulumi forgets it; filled by `Monitor`."""
    ignored: dict[str, list[str]] = field(default_factory=dict)
    """Logical name -> properties whose changes Pulumi leaves alone, where there are any; filled by `Monitor`."""
    replaced_with: dict[str, set[str]] = field(default_factory=dict)
    """Logical name -> logical names of what it is replaced with; filled by `Monitor`."""
    delete_timeouts: dict[str, str] = field(default_factory=dict)
    """Logical name -> how long its deletion may take, where that is said; filled by `Monitor`."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Record one resource."""
        inputs = plain(args.inputs)
        self.resources.append(Registered(args.typ, args.name, inputs, dict(args.inputs), bool(args.custom)))
        if self.preview:
            return None, dict(args.inputs)
        service = args.typ.split("/")[0].removeprefix("aws:")
        arn = f"arn:aws:{service}:{REGION}:{ACCOUNT}:{args.name}"
        if args.typ == "aws:sfn/stateMachine:StateMachine":
            arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{inputs['name']}"
        if args.typ == "aws:sfn/alias:Alias":
            arn = f"{inputs['routingConfigurations'][0]['stateMachineVersionArn'].rpartition(':')[0]}:{inputs['name']}"
        if args.typ == "aws:lambda/function:Function":
            arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{inputs['name']}"
        if args.typ == "aws:lambda/alias:Alias":
            arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{inputs['functionName']}:{inputs['name']}"
        if args.typ == "aws:cloudwatch/eventConnection:EventConnection":
            arn = f"arn:aws:events:{REGION}:{ACCOUNT}:connection/{inputs['name']}/1"
        computed = {
            "arn": arn,
            "name": inputs.get("name", args.name),
            "bucket": inputs.get("bucket", f"{args.name}-bucket-name"),
            "url": f"https://sqs.example.com/{args.name}",
            "invokeArn": f"{arn}/invocations",
            "executionArn": f"{arn}/execution",
            "apiEndpoint": f"https://{args.name}.example.com",
            "secretArn": f"{arn}/secret",
            "versionId": "version",
            "result": _secret(f"random-{args.name}"),
            "stateMachineVersionArn": f"{arn}:1",
            "qualifiedArn": f"{arn}:1",
            "version": "1",
        }
        return f"{args.name}-id", {**computed, **args.inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """Answer a data source."""
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": [f"{REGION}a", f"{REGION}b"]},
            "aws:index/getPartition:getPartition": {"partition": "aws"},
            "aws:index/getRegion:getRegion": {"region": REGION},
            "aws:cloudwatch/getEventBus:getEventBus": {
                "name": args.args.get("name"),
                "arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{args.args.get('name')}",
            },
        }
        return dict(answers[args.token]), []

    def all(self, kind: str) -> list[Registered]:
        """Return the resources of a kind such as `lambda/function:Function`."""
        return [resource for resource in self.resources if resource.type == f"aws:{kind}"]

    def one(self, kind: str, name: str = "") -> dict[str, Any]:
        """Return the inputs of the only resource of a kind whose logical name ends with `name`."""
        found = [resource.inputs for resource in self.all(kind) if resource.name.endswith(name)]
        assert len(found) == 1, f"{len(found)} resources of {kind} end in {name!r}"
        return found[0]

    def statements(self, name: str) -> list[dict[str, Any]]:
        """Return the statements of the role policy with that logical name."""
        policy = json.loads(self.one("iam/rolePolicy:RolePolicy", name)["policy"])
        assert policy["Version"] == "2012-10-17"
        statements: list[dict[str, Any]] = policy["Statement"]
        return statements

    def settled(self, component: pulumi.Resource) -> pulumi.Output["Recording"]:
        """Return this recording, once everything below the component is registered."""
        return pulumi.Output.all(*(resource.urn for resource in _tree(component))).apply(lambda _: self)


class Monitor(MockMonitor):
    """Records the options of each resource, which mocks do not receive."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording)
        self._recording = recording

    # The name is that of the engine's call.
    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        seen = self._recording
        seen.dependencies[request.name] = {urn.split("::")[-1] for urn in request.dependencies}
        if request.protect:
            seen.protected.add(request.name)
        if request.retainOnDelete:
            seen.retained.add(request.name)
        if request.ignoreChanges:
            seen.ignored[request.name] = list(request.ignoreChanges)
        if request.replace_with:
            seen.replaced_with[request.name] = {urn.split("::")[-1] for urn in request.replace_with}
        if request.customTimeouts.delete:
            seen.delete_timeouts[request.name] = request.customTimeouts.delete
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # Pulumi's mocks are untyped


def actions(statements: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return what the statements allow, as action -> resources; an action that is allowed twice is an error.

    What they allow at a key is for `key_uses`.
    """
    allowed: dict[str, list[str]] = {}
    for statement in statements:
        assert statement["Effect"] == "Allow"
        if _is_for_a_key(statement):
            continue
        for action in statement["Action"]:
            assert action not in allowed, f"{action} is allowed twice"
            allowed[action] = statement["Resource"]
    return allowed


def key_uses(statements: list[dict[str, Any]], key_arn: str) -> dict[str, set[str]]:
    """What the statements allow at a KMS key: service through which it is used -> actions, without their prefix."""
    uses: dict[str, set[str]] = {}
    for statement in filter(_is_for_a_key, statements):
        assert statement["Resource"] == [key_arn]
        for pattern in statement["Condition"].get("StringLike", {}).get("kms:ViaService", []):
            assert pattern.endswith(".*.amazonaws.com")
            service = uses.setdefault(pattern.split(".")[0], set())
            service.update(action.removeprefix("kms:") for action in statement["Action"])
    return uses


def _is_for_a_key(statement: dict[str, Any]) -> bool:
    return all(action.startswith("kms:") for action in statement["Action"])


def _public(value: Any) -> Any:
    if rpc.is_rpc_secret(value):
        return "[secret]"
    if isinstance(value, dict):
        return {key: _public(item) for key, item in value.items()}
    return [_public(item) for item in value] if isinstance(value, list) else value


def _secret(value: str) -> dict[str, str]:
    """Return a value that the provider marks as secret, in its wire format."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


def _tree(resource: pulumi.Resource) -> Iterator[pulumi.Resource]:
    yield resource
    for child in resource._childResources:
        yield from _tree(child)
