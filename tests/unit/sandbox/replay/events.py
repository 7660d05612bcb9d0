"""EventBridge as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, pulumi_names, tags

_GONE = "ResourceNotFoundException"


def _tags(clients: Clients, resource: Resource) -> dict[str, str]:
    return tags(clients("events").list_tags_for_resource(ResourceARN=resource.outputs["arn"])["Tags"])


def _bus(clients: Clients, resource: Resource) -> dict[str, Any]:
    bus = clients("events").describe_event_bus(Name=resource.id)
    assert bus["Arn"] == resource.outputs["arn"]
    letters = bus.get("DeadLetterConfig")
    return {
        "name": bus["Name"],
        "description": bus.get("Description", ""),
        "deadLetterConfig": pulumi_names(letters) if letters else None,
        "kmsKeyIdentifier": bus.get("KmsKeyIdentifier", ""),
        "tags": _tags(clients, resource),
    }


def _delete_bus(clients: Clients, resource: Resource) -> None:
    clients("events").delete_event_bus(Name=resource.id)
    assert absent(_GONE, call=clients("events").describe_event_bus, Name=resource.id)


def _rule(clients: Clients, resource: Resource) -> dict[str, Any]:
    bus, name = resource.outputs["eventBusName"], resource.outputs["name"]
    rule = clients("events").describe_rule(Name=name, EventBusName=bus)
    assert rule["Arn"] == resource.outputs["arn"]
    return {
        "name": rule["Name"],
        "eventBusName": rule["EventBusName"],
        "description": rule.get("Description", ""),
        "eventPattern": rule.get("EventPattern"),
        "scheduleExpression": rule.get("ScheduleExpression", ""),
        "roleArn": rule.get("RoleArn", ""),
        "state": rule["State"],
        "tags": _tags(clients, resource),
    }


def _delete_rule(clients: Clients, resource: Resource) -> None:
    where = {"EventBusName": resource.outputs["eventBusName"], "Name": resource.outputs["name"]}
    clients("events").delete_rule(**where)
    assert absent(_GONE, call=clients("events").describe_rule, **where)


def _target(clients: Clients, resource: Resource) -> dict[str, Any]:
    rule, bus = resource.inputs["rule"], resource.outputs["eventBusName"]
    targets = clients("events").list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]
    (target,) = (item for item in targets if item["Id"] == resource.outputs["targetId"])
    letters, retry, transformer = (target.get(key) for key in ("DeadLetterConfig", "RetryPolicy", "InputTransformer"))
    return {
        "rule": rule,
        "eventBusName": bus,
        "targetId": target["Id"],
        "arn": target["Arn"],
        "roleArn": target.get("RoleArn", ""),
        "input": target.get("Input", ""),
        "inputPath": target.get("InputPath", ""),
        "inputTransformer": (
            {"inputPaths": transformer.get("InputPathsMap", {}), "inputTemplate": transformer["InputTemplate"]}
            if transformer
            else None
        ),
        "deadLetterConfig": pulumi_names(letters) if letters else None,
        "retryPolicy": pulumi_names(retry) if retry else None,
    }


def _delete_target(clients: Clients, resource: Resource) -> None:
    rule, bus = resource.inputs["rule"], resource.outputs["eventBusName"]
    answer = clients("events").remove_targets(Rule=rule, EventBusName=bus, Ids=[resource.outputs["targetId"]])
    assert answer["FailedEntryCount"] == 0


def _archive(clients: Clients, resource: Resource) -> dict[str, Any]:
    archive = clients("events").describe_archive(ArchiveName=resource.id)
    assert archive["State"] == "ENABLED"
    return {
        "name": archive["ArchiveName"],
        "eventSourceArn": archive["EventSourceArn"],
        "description": archive.get("Description", ""),
        "eventPattern": archive.get("EventPattern"),
        "kmsKeyIdentifier": archive.get("KmsKeyIdentifier", ""),
        "retentionDays": archive["RetentionDays"],
    }


def _delete_archive(clients: Clients, resource: Resource) -> None:
    clients("events").delete_archive(ArchiveName=resource.id)
    assert absent(_GONE, call=clients("events").describe_archive, ArchiveName=resource.id)


def _connection(clients: Clients, resource: Resource) -> dict[str, Any]:
    connection = clients("events").describe_connection(Name=resource.id)
    assert connection["ConnectionState"] == "AUTHORIZED"
    assert connection["SecretArn"] == resource.outputs["secretArn"]
    given = resource.inputs["authParameters"]["apiKey"]
    key = connection["AuthParameters"]["ApiKeyAuthParameters"]["ApiKeyName"]
    # AWS never shows a connection's value again: the provider keeps the one that it has.
    assert "ApiKeyValue" not in connection["AuthParameters"]["ApiKeyAuthParameters"]
    return {
        "name": connection["Name"],
        "authorizationType": connection["AuthorizationType"],
        "description": connection.get("Description", ""),
        "kmsKeyIdentifier": connection.get("KmsKeyIdentifier", ""),
        "authParameters": {"apiKey": {"key": key, "value": given["value"]}},
    }


def _delete_connection(clients: Clients, resource: Resource) -> None:
    clients("events").delete_connection(Name=resource.id)
    assert absent(_GONE, call=clients("events").describe_connection, Name=resource.id)


READ = {
    "aws:cloudwatch/eventBus:EventBus": _bus,
    "aws:cloudwatch/eventRule:EventRule": _rule,
    "aws:cloudwatch/eventTarget:EventTarget": _target,
    "aws:cloudwatch/eventArchive:EventArchive": _archive,
    "aws:cloudwatch/eventConnection:EventConnection": _connection,
}
DELETE = {
    "aws:cloudwatch/eventBus:EventBus": _delete_bus,
    "aws:cloudwatch/eventRule:EventRule": _delete_rule,
    "aws:cloudwatch/eventTarget:EventTarget": _delete_target,
    "aws:cloudwatch/eventArchive:EventArchive": _delete_archive,
    "aws:cloudwatch/eventConnection:EventConnection": _delete_connection,
}
DEFAULTS = {
    "aws:cloudwatch/eventBus:EventBus": {"deadLetterConfig": None, "description": "", "kmsKeyIdentifier": ""},
    "aws:cloudwatch/eventRule:EventRule": {
        "description": "",
        "eventBusName": "default",
        "eventPattern": None,
        "roleArn": "",
        "scheduleExpression": "",
        "state": "ENABLED",
    },
    "aws:cloudwatch/eventTarget:EventTarget": {
        "deadLetterConfig": None,
        "eventBusName": "default",
        "input": "",
        "inputPath": "",
        "inputTransformer": None,
        "retryPolicy": None,
        "roleArn": "",
    },
    "aws:cloudwatch/eventArchive:EventArchive": {
        "description": "",
        "eventPattern": None,
        "kmsKeyIdentifier": "",
        "retentionDays": 0,
    },
    "aws:cloudwatch/eventConnection:EventConnection": {"description": "", "kmsKeyIdentifier": ""},
}
