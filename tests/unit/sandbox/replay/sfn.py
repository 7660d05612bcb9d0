"""Step Functions as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, tags


def _state_machine(clients: Clients, resource: Resource) -> dict[str, Any]:
    client, arn = clients("stepfunctions"), resource.id
    # The provider validates the definition in every plan that may change it.
    definition, kind = resource.inputs["definition"], resource.inputs.get("type", "STANDARD")
    verdict = client.validate_state_machine_definition(definition=definition, type=kind)
    assert verdict["result"] == "OK", verdict["diagnostics"]
    machine = client.describe_state_machine(stateMachineArn=arn)
    versions = client.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert bool(versions) == resource.inputs.get("publish", False)
    logging = machine["loggingConfiguration"]
    destinations = logging.get("destinations") or []
    return {
        "name": machine["name"],
        "definition": machine["definition"],
        "roleArn": machine["roleArn"],
        "type": machine["type"],
        "publish": resource.inputs.get("publish", False),
        "loggingConfiguration": {
            "level": logging["level"],
            "includeExecutionData": logging["includeExecutionData"],
            "logDestination": destinations[0]["cloudWatchLogsLogGroup"]["logGroupArn"] if destinations else "",
        },
        "tracingConfiguration": {"enabled": machine["tracingConfiguration"]["enabled"]},
        "encryptionConfiguration": machine["encryptionConfiguration"],
        "stateMachineVersionArn": versions[0]["stateMachineVersionArn"] if versions else "",
        "tags": tags(client.list_tags_for_resource(resourceArn=arn)["tags"]),
    }


def _delete_state_machine(clients: Clients, resource: Resource) -> None:
    client = clients("stepfunctions")
    client.delete_state_machine(stateMachineArn=resource.id)
    assert absent("StateMachineDoesNotExist", call=client.describe_state_machine, stateMachineArn=resource.id)


def _alias(clients: Clients, resource: Resource) -> dict[str, Any]:
    alias = clients("stepfunctions").describe_state_machine_alias(stateMachineAliasArn=resource.id)
    return {
        "name": alias["name"],
        "description": alias.get("description", ""),
        "routingConfigurations": alias["routingConfiguration"],
    }


def _delete_alias(clients: Clients, resource: Resource) -> None:
    client = clients("stepfunctions")
    client.delete_state_machine_alias(stateMachineAliasArn=resource.id)
    assert absent("ResourceNotFound", call=client.describe_state_machine_alias, stateMachineAliasArn=resource.id)


READ = {"aws:sfn/alias:Alias": _alias, "aws:sfn/stateMachine:StateMachine": _state_machine}
DELETE = {"aws:sfn/alias:Alias": _delete_alias, "aws:sfn/stateMachine:StateMachine": _delete_state_machine}
DEFAULTS = {
    "aws:sfn/alias:Alias": {"description": ""},
    "aws:sfn/stateMachine:StateMachine": {
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
        "loggingConfiguration": {"level": "OFF", "includeExecutionData": False, "logDestination": ""},
        "tracingConfiguration": {"enabled": False},
        "type": "STANDARD",
    },
}
