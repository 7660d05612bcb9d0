"""Mocks that accept every resource of a program and make up what AWS would return."""

from typing import Any

from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

_LOCATION = "us-east-1:123456789012"

_ANSWERS: dict[str, dict[str, Any]] = {
    "aws:index/getPartition:getPartition": {"partition": "aws"},
    "aws:index/getRegion:getRegion": {"region": "us-east-1"},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012"},
}

_TEXTS = ("name", "bucket", "url", "executionArn", "apiEndpoint", "version", "versionId", "result")
_ARNS = ("arn", "secretArn", "invokeArn")


class MadeUp(Mocks):
    """Answers with the inputs of a resource, and with names and ARNs made from its logical name."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Accept one resource."""
        service = args.typ.split("/")[0].removeprefix("aws:")
        # Programs read the name of a connection from its ARN.
        path = f"connection/{args.name}/1" if args.typ.endswith(":EventConnection") else args.name
        if args.typ.endswith(":Function"):
            path = f"function:{args.name}"
        arn = f"arn:aws:{service}:{_LOCATION}:{path}"
        arns = {**dict.fromkeys(_ARNS, arn), "qualifiedArn": f"{arn}:1"}
        return args.name, {**dict.fromkeys(_TEXTS, args.name), **arns, **args.inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Answer a data source."""
        named = {"name": args.args.get("name"), "arn": f"arn:aws:events:{_LOCATION}:event-bus/default"}
        return {**named, **_ANSWERS.get(args.token, {})}, []
