"""The provider's Update of the resources of EventBridge, as boto3 calls: what is new of their properties."""

from collections.abc import Mapping
from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from sandbox.resource_inputs import aws_names


def _given(properties: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return those of the properties that have a value, as AWS names them."""
    named: dict[str, Any] = aws_names({key: properties[key] for key in keys if properties.get(key) is not None})
    return named


def rule(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    # PutRule replaces the whole rule.
    both = _given({**resource.inputs, **new}, "description", "eventPattern", "scheduleExpression", "state")
    clients("events").put_rule(Name=resource.outputs["name"], EventBusName=resource.outputs["eventBusName"], **both)


def target(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    both = {**resource.inputs, **new}
    fields = _given(both, "arn", "roleArn", "deadLetterConfig", "input", "inputPath", "retryPolicy")
    if transformer := both.get("inputTransformer"):
        template = {"InputPathsMap": transformer["inputPaths"], "InputTemplate": transformer["inputTemplate"]}
        fields["InputTransformer"] = template
    target = {"Id": resource.outputs["targetId"], **fields}
    bus = resource.outputs["eventBusName"]
    clients("events").put_targets(Rule=resource.inputs["rule"], EventBusName=bus, Targets=[target])


def archive(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    clients("events").update_archive(ArchiveName=resource.id, **aws_names(dict(new)))


def connection(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    both = {**resource.inputs, **new}
    key = both["authParameters"]["apiKey"]
    # The provider names all of it in every change.
    clients("events").update_connection(
        Name=resource.id,
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": key["key"], "ApiKeyValue": key["value"]}},
        **_given(both, "description", "kmsKeyIdentifier"),
    )


def bus(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    clients("events").update_event_bus(Name=resource.id, **aws_names(dict(new)))
