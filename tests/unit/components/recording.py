"""Records what components register with Pulumi, so that tests can look at the inputs of every resource."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

ACCOUNT = "123456789012"
REGION = "us-east-1"


@dataclass(frozen=True)
class Registered:
    """One resource as the program asked for it."""

    type: str
    name: str
    inputs: dict[str, Any]
    is_custom: bool


@dataclass
class Recording(Mocks):
    """Answers as a provider would, with ARNs made of the resource's name, and keeps every request."""

    resources: list[Registered] = field(default_factory=list)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Record one resource."""
        self.resources.append(Registered(args.typ, args.name, args.inputs, bool(args.custom)))
        service = args.typ.split("/")[0].removeprefix("aws:")
        arn = f"arn:aws:{service}:{REGION}:{ACCOUNT}:{args.name}"
        if args.typ == "aws:sfn/stateMachine:StateMachine":
            arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{args.inputs['name']}"
        computed = {
            "arn": arn,
            "name": args.inputs.get("name", args.name),
            "bucket": args.inputs.get("bucket", f"{args.name}-bucket-name"),
            "url": f"https://sqs.example.com/{args.name}",
            "invokeArn": f"{arn}/invocations",
            "executionArn": f"{arn}/execution",
            "apiEndpoint": f"https://{args.name}.example.com",
            "secretArn": f"{arn}/secret",
            "versionId": "version",
            "result": f"random-{args.name}",
        }
        return f"{args.name}-id", {**computed, **args.inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """Answer a data source."""
        answers = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:index/getPartition:getPartition": {"partition": "aws"},
        }
        return dict(answers[args.token]), None

    def all(self, kind: str) -> list[Registered]:
        """The resources of a kind such as `lambda/function:Function`."""
        return [resource for resource in self.resources if resource.type == f"aws:{kind}"]

    def one(self, kind: str, name: str = "") -> dict[str, Any]:
        """The inputs of the only resource of a kind whose logical name ends so."""
        found = [resource.inputs for resource in self.all(kind) if resource.name.endswith(name)]
        assert len(found) == 1, f"{len(found)} resources of {kind} end in {name!r}"
        return found[0]

    def settled(self, component: pulumi.Resource) -> pulumi.Output["Recording"]:
        """This recording, once everything below the component is registered."""
        return pulumi.Output.all(*(resource.urn for resource in _tree(component))).apply(lambda _: self)


def _tree(resource: pulumi.Resource) -> Iterator[pulumi.Resource]:
    yield resource
    for child in resource._childResources:
        yield from _tree(child)
