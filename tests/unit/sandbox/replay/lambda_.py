"""Lambda as the provider reads and deletes it."""

import json
from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, pulumi_names


def _function(clients: Clients, resource: Resource) -> dict[str, Any]:
    client, name = clients("lambda"), resource.id
    answer = client.get_function(FunctionName=name)
    function = answer["Configuration"]
    assert function["State"] == "Active"
    assert function["LastUpdateStatus"] == "Successful"
    assert answer["Code"]["RepositoryType"] == "S3"
    assert answer["Code"]["Location"]
    versions = client.list_versions_by_function(FunctionName=name, MaxItems=10000)["Versions"]
    assert versions[0]["Version"] == "$LATEST"
    # The provider asks for it wherever code signing is offered; an unsigned function has an empty answer.
    assert not client.get_function_code_signing_config(FunctionName=name).get("CodeSigningConfigArn")
    letters = function.get("DeadLetterConfig", {}).get("TargetArn")
    logging = pulumi_names(function["LoggingConfig"])
    return {
        "version": versions[-1]["Version"],
        "qualifiedArn": versions[-1]["FunctionArn"],
        "name": function["FunctionName"],
        "role": function["Role"],
        "handler": function["Handler"],
        "runtime": function["Runtime"],
        "packageType": function["PackageType"],
        "architectures": function["Architectures"],
        "description": function["Description"],
        "memorySize": function["MemorySize"],
        "timeout": function["Timeout"],
        "layers": function.get("Layers", []),
        "kmsKeyArn": function.get("KMSKeyArn", ""),
        "environment": {"variables": function.get("Environment", {}).get("Variables", {})},
        "tracingConfig": pulumi_names(function["TracingConfig"]),
        "ephemeralStorage": pulumi_names(function["EphemeralStorage"]),
        "snapStart": {"applyOn": function["SnapStart"]["ApplyOn"]},
        "loggingConfig": logging,
        "deadLetterConfig": {"targetArn": letters} if letters else None,
        "reservedConcurrentExecutions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
        "publish": resource.inputs.get("publish", False),
        "tags": answer.get("Tags", {}),
    }


def _delete_function(clients: Clients, resource: Resource) -> None:
    clients("lambda").delete_function(FunctionName=resource.id)
    assert absent("ResourceNotFoundException", call=clients("lambda").get_function, FunctionName=resource.id)


def _permission(clients: Clients, resource: Resource) -> dict[str, Any]:
    function, qualifier = resource.inputs["function"], resource.inputs.get("qualifier")
    answer = clients("lambda").get_policy(FunctionName=function, **_of(qualifier))
    assert answer["RevisionId"]
    (statement,) = (s for s in json.loads(answer["Policy"])["Statement"] if s["Sid"] == resource.id)
    assert statement["Effect"] == "Allow"
    principal, condition = statement["Principal"], statement.get("Condition", {})
    return {
        "function": function,
        "qualifier": qualifier,
        "action": statement["Action"],
        "principal": principal["Service"] if isinstance(principal, dict) else principal,
        "sourceArn": condition.get("ArnLike", {}).get("AWS:SourceArn"),
        "sourceAccount": condition.get("StringEquals", {}).get("AWS:SourceAccount"),
        "statementId": statement["Sid"],
    }


def _delete_permission(clients: Clients, resource: Resource) -> None:
    clients("lambda").remove_permission(
        FunctionName=resource.inputs["function"], StatementId=resource.id, **_of(resource.inputs.get("qualifier"))
    )


def _of(qualifier: str | None) -> dict[str, str]:
    return {"Qualifier": qualifier} if qualifier else {}


def _asynchronous(clients: Clients, resource: Resource) -> dict[str, Any]:
    name = resource.inputs["functionName"]
    answer = clients("lambda").get_function_event_invoke_config(FunctionName=name)
    return {
        "functionName": name,
        "maximumEventAgeInSeconds": answer.get("MaximumEventAgeInSeconds"),
        "maximumRetryAttempts": answer.get("MaximumRetryAttempts"),
        "destinationConfig": pulumi_names(answer.get("DestinationConfig", {})),
    }


def _delete_asynchronous(clients: Clients, resource: Resource) -> None:
    clients("lambda").delete_function_event_invoke_config(FunctionName=resource.inputs["functionName"])


def _alias(clients: Clients, resource: Resource) -> dict[str, Any]:
    function, name = resource.inputs["functionName"], resource.outputs["name"]
    answer = clients("lambda").get_alias(FunctionName=function, Name=name)
    return {
        "name": answer["Name"],
        "functionName": function,
        "functionVersion": answer["FunctionVersion"],
        "description": answer["Description"],
    }


def _delete_alias(clients: Clients, resource: Resource) -> None:
    function, name = resource.inputs["functionName"], resource.outputs["name"]
    clients("lambda").delete_alias(FunctionName=function, Name=name)


def _invocation(_clients: Clients, resource: Resource) -> dict[str, Any]:
    """Return the inputs: the provider reads nothing."""
    return dict(resource.inputs)


def _delete_invocation(_clients: Clients, _resource: Resource) -> None:
    """Do nothing, as the provider does with lifecycle scope CREATE_ONLY."""


READ = {
    "aws:lambda/function:Function": _function,
    "aws:lambda/permission:Permission": _permission,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": _asynchronous,
    "aws:lambda/alias:Alias": _alias,
    "aws:lambda/invocation:Invocation": _invocation,
}
DELETE = {
    "aws:lambda/function:Function": _delete_function,
    "aws:lambda/permission:Permission": _delete_permission,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": _delete_asynchronous,
    "aws:lambda/alias:Alias": _delete_alias,
    "aws:lambda/invocation:Invocation": _delete_invocation,
}
DEFAULTS = {
    "aws:lambda/function:Function": {
        "architectures": ["x86_64"],
        "deadLetterConfig": None,
        "description": "",
        "ephemeralStorage": {"size": 512},
        "kmsKeyArn": "",
        "layers": [],
        "memorySize": 128,
        "packageType": "Zip",
        "publish": False,
        "reservedConcurrentExecutions": -1,
        "snapStart": {"applyOn": "None"},
        "timeout": 3,
        "tracingConfig": {"mode": "PassThrough"},
    },
    "aws:lambda/alias:Alias": {"description": ""},
}
