"""CloudWatch Logs as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource


def _log_group(clients: Clients, resource: Resource) -> dict[str, Any]:
    logs, name = clients("logs"), resource.id
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    (group,) = (item for item in groups if item["logGroupName"] == name)
    # The provider takes the ARN without ":*" from the one field and falls back to the other.
    assert group["logGroupArn"] == resource.outputs["arn"]
    assert group["arn"] == f"{resource.outputs['arn']}:*"
    return {
        "name": group["logGroupName"],
        "retentionInDays": group.get("retentionInDays", 0),
        "kmsKeyId": group.get("kmsKeyId", ""),
        "logGroupClass": group["logGroupClass"],
        "deletionProtectionEnabled": group.get("deletionProtectionEnabled", False),
        "tags": logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"],
    }


def _delete_log_group(clients: Clients, resource: Resource) -> None:
    clients("logs").delete_log_group(logGroupName=resource.id)
    groups = clients("logs").describe_log_groups(logGroupNamePrefix=resource.id)["logGroups"]
    assert resource.id not in [group["logGroupName"] for group in groups]


def _policy(clients: Clients, resource: Resource) -> dict[str, Any]:
    policies = clients("logs").describe_resource_policies()["resourcePolicies"]
    (policy,) = (item for item in policies if item["policyName"] == resource.id)
    return {"policyName": policy["policyName"], "policyDocument": policy["policyDocument"]}


def _delete_policy(clients: Clients, resource: Resource) -> None:
    clients("logs").delete_resource_policy(policyName=resource.id)


def _query(clients: Clients, resource: Resource) -> dict[str, Any]:
    name = resource.inputs["name"]
    found = clients("logs").describe_query_definitions(queryDefinitionNamePrefix=name)["queryDefinitions"]
    (query,) = (item for item in found if item["queryDefinitionId"] == resource.id)
    return {
        "name": query["name"],
        "queryString": query["queryString"],
        "logGroupNames": query.get("logGroupNames", []),
    }


def _delete_query(clients: Clients, resource: Resource) -> None:
    assert clients("logs").delete_query_definition(queryDefinitionId=resource.id)["success"]


READ = {
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _policy,
    "aws:cloudwatch/queryDefinition:QueryDefinition": _query,
}
DELETE = {
    "aws:cloudwatch/logGroup:LogGroup": _delete_log_group,
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _delete_policy,
    "aws:cloudwatch/queryDefinition:QueryDefinition": _delete_query,
}
DEFAULTS = {
    "aws:cloudwatch/logGroup:LogGroup": {
        "deletionProtectionEnabled": False,
        "kmsKeyId": "",
        "logGroupClass": "STANDARD",
        "retentionInDays": 0,
    },
    "aws:cloudwatch/queryDefinition:QueryDefinition": {"logGroupNames": []},
}
