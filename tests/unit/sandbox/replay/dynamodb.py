"""DynamoDB as the provider reads and deletes it."""

import json
from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, pulumi_names, tags


def _table(clients: Clients, resource: Resource) -> dict[str, Any]:
    db, name = clients("dynamodb"), resource.id
    table = db.describe_table(TableName=name)["Table"]
    assert table["TableStatus"] == "ACTIVE"
    backups = db.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    ttl = db.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    found = db.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    assert absent("PolicyNotFoundException", call=db.get_resource_policy, ResourceArn=table["TableArn"])
    sse = table.get("SSEDescription", {})
    return {
        "name": table["TableName"],
        "billingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "attributes": [
            {"name": item["AttributeName"], "type": item["AttributeType"]} for item in table["AttributeDefinitions"]
        ],
        **_keys(table["KeySchema"]),
        **_capacity(table),
        "globalSecondaryIndexes": [_index(index) for index in table.get("GlobalSecondaryIndexes", [])],
        "localSecondaryIndexes": table.get("LocalSecondaryIndexes", []),
        "streamEnabled": table.get("StreamSpecification", {}).get("StreamEnabled", False),
        "serverSideEncryption": {
            "enabled": sse.get("Status") in {"ENABLED", "ENABLING", "UPDATING"},
            "kmsKeyArn": sse.get("KMSMasterKeyArn"),
        },
        "tableClass": table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
        "deletionProtectionEnabled": table["DeletionProtectionEnabled"],
        "pointInTimeRecovery": {
            "enabled": recovery["PointInTimeRecoveryStatus"] == "ENABLED",
            "recoveryPeriodInDays": recovery.get("RecoveryPeriodInDays", 0),
        },
        "ttl": {"attributeName": ttl.get("AttributeName"), "enabled": ttl["TimeToLiveStatus"] == "ENABLED"},
        "tags": tags(found),
    }


def _keys(schema: list[dict[str, str]]) -> dict[str, str]:
    names = {"HASH": "hashKey", "RANGE": "rangeKey"}
    return {names[key["KeyType"]]: key["AttributeName"] for key in schema}


def _index(index: dict[str, Any]) -> dict[str, Any]:
    assert index["IndexStatus"] == "ACTIVE"
    fields = {**_keys(index["KeySchema"]), **_capacity(index), **pulumi_names(index["Projection"])}
    return {"name": index["IndexName"], **fields}


def _capacity(of: dict[str, Any]) -> dict[str, int]:
    units = of["ProvisionedThroughput"]
    return {"readCapacity": units["ReadCapacityUnits"], "writeCapacity": units["WriteCapacityUnits"]}


def _delete_table(clients: Clients, resource: Resource) -> None:
    clients("dynamodb").delete_table(TableName=resource.id)
    assert absent("ResourceNotFoundException", call=clients("dynamodb").describe_table, TableName=resource.id)


def _key(resource: Resource) -> dict[str, Any]:
    item = json.loads(resource.inputs["item"])
    names = [resource.inputs["hashKey"], resource.inputs.get("rangeKey")]
    return {name: item[name] for name in names if name}


def _item(clients: Clients, resource: Resource) -> dict[str, Any]:
    table = resource.inputs["tableName"]
    item = clients("dynamodb").get_item(TableName=table, Key=_key(resource), ConsistentRead=True)["Item"]
    return {**resource.inputs, "item": json.dumps(item)}


def _delete_item(clients: Clients, resource: Resource) -> None:
    clients("dynamodb").delete_item(TableName=resource.inputs["tableName"], Key=_key(resource))


READ = {"aws:dynamodb/table:Table": _table, "aws:dynamodb/tableItem:TableItem": _item}
DELETE = {"aws:dynamodb/table:Table": _delete_table, "aws:dynamodb/tableItem:TableItem": _delete_item}
DEFAULTS = {
    "aws:dynamodb/table:Table": {
        "billingMode": "PROVISIONED",
        "deletionProtectionEnabled": False,
        "localSecondaryIndexes": [],
        "streamEnabled": False,
        "tableClass": "STANDARD",
    }
}
