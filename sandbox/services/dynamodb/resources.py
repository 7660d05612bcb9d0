"""DynamoDB: tables and items."""

import json
from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs, aws_names, given, tag_list


def _table(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=255)
    billing = args.take("billingMode", "PROVISIONED")
    attributes = [
        {"AttributeName": attribute.require("name"), "AttributeType": attribute.require("type")}
        for attribute in args.blocks("attributes")
    ]
    table = clients("dynamodb").create_table(
        **given(
            TableName=name,
            AttributeDefinitions=attributes,
            KeySchema=_keys(args),
            BillingMode=billing,
            ProvisionedThroughput=_throughput(args, billing),
            GlobalSecondaryIndexes=[_index(index, billing) for index in args.blocks("globalSecondaryIndexes")] or None,
            LocalSecondaryIndexes=[_local_index(index, args) for index in args.blocks("localSecondaryIndexes")] or None,
            StreamSpecification=_stream(args),
            SSESpecification=_encryption(args),
            **args.nested("onDemandThroughput"),
            **args.parameters("tableClass", "deletionProtectionEnabled"),
            Tags=tag_list(args.tags()),
        )
    )["TableDescription"]
    clients("dynamodb").get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    _time_to_live(clients, name, args)
    _point_in_time_recovery(clients, name, args)
    return name, {
        "name": name,
        "arn": table["TableArn"],
        "streamArn": table.get("LatestStreamArn", ""),
        "streamLabel": table.get("LatestStreamLabel", ""),
    }


def _keys(args: Inputs) -> list[dict[str, str]]:
    keys = [{"AttributeName": args.require("hashKey"), "KeyType": "HASH"}]
    range_key = args.take("rangeKey")
    return [*keys, {"AttributeName": range_key, "KeyType": "RANGE"}] if range_key else keys


def _throughput(args: Inputs, billing: str) -> dict[str, int] | None:
    read, write = args.take("readCapacity"), args.take("writeCapacity")
    if billing != "PROVISIONED":
        return None
    return {"ReadCapacityUnits": int(read or 1), "WriteCapacityUnits": int(write or 1)}


def _projection(index: Inputs) -> dict[str, Any]:
    return given(ProjectionType=index.require("projectionType"), NonKeyAttributes=index.take("nonKeyAttributes"))


def _index(index: Inputs, billing: str) -> dict[str, Any]:
    return given(
        IndexName=index.require("name"),
        KeySchema=aws_names(index.take("keySchemas")) or _keys(index),
        Projection=_projection(index),
        ProvisionedThroughput=_throughput(index, billing),
    )


def _local_index(index: Inputs, table: Inputs) -> dict[str, Any]:
    keys = [
        {"AttributeName": table.require("hashKey"), "KeyType": "HASH"},
        {"AttributeName": index.require("rangeKey"), "KeyType": "RANGE"},
    ]
    return {"IndexName": index.require("name"), "KeySchema": keys, "Projection": _projection(index)}


def _stream(args: Inputs) -> dict[str, Any] | None:
    enabled, view = args.take("streamEnabled"), args.take("streamViewType")
    return {"StreamEnabled": True, "StreamViewType": view} if enabled else None


def _encryption(args: Inputs) -> dict[str, Any] | None:
    block = args.block("serverSideEncryption")
    if block is None or not block.require("enabled"):
        return None
    key = block.take("kmsKeyArn")
    return given(Enabled=True, SSEType="KMS", KMSMasterKeyId=key)


def _time_to_live(clients: Clients, name: str, args: Inputs) -> None:
    block = args.block("ttl")
    if block is None:
        return
    attribute, enabled = block.take("attributeName"), block.take("enabled", False)
    if enabled:
        specification = {"AttributeName": attribute, "Enabled": True}
        clients("dynamodb").update_time_to_live(TableName=name, TimeToLiveSpecification=specification)


def _point_in_time_recovery(clients: Clients, name: str, args: Inputs) -> None:
    block = args.block("pointInTimeRecovery")
    if block is None:
        return
    specification = given(
        PointInTimeRecoveryEnabled=block.require("enabled"), RecoveryPeriodInDays=block.take("recoveryPeriodInDays")
    )
    clients("dynamodb").update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=specification)


def _table_item(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    table, hash_key, range_key = args.require("tableName"), args.require("hashKey"), args.take("rangeKey")
    item = json.loads(args.require("item"))
    # Like the provider, do not overwrite an existing item.
    clients("dynamodb").put_item(
        TableName=table,
        Item=item,
        ConditionExpression="attribute_not_exists(#hash)",
        ExpressionAttributeNames={"#hash": hash_key},
    )
    keys = [hash_key, *([range_key] if range_key else [])]
    values = [next(iter(item[key].values())) for key in keys]
    outputs = dict(zip(("hashKeyValue", "rangeKeyValue"), values, strict=False))
    return "|".join([table, *(part for pair in zip(keys, values, strict=True) for part in pair)]), outputs


TYPES = {
    "aws:dynamodb/table:Table": _table,
    "aws:dynamodb/tableItem:TableItem": _table_item,
}
