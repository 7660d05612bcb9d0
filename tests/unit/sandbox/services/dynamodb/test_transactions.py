"""Transactions: all or nothing, without copies of other items."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models.dynamo_type import Item

from tests.unit.sandbox.services.aws import Aws

OTHER_ITEMS = 50
NEVER = {"ConditionExpression": "attribute_exists(nothing)"}


@pytest.fixture(scope="module", params=["plain", "sorted"])
def table(aws: Aws, request: pytest.FixtureRequest) -> Any:
    """Return a new table, with a sort key or without, that has a stream."""
    keys = [("id", "HASH"), *([("part", "RANGE")] if request.param == "sorted" else [])]
    return aws.resource("dynamodb").create_table(
        TableName=request.param,
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


@pytest.fixture(autouse=True)
def _items(table: Any) -> None:
    for item in table.scan()["Items"]:
        table.delete_item(Key=_named(table, item["id"]))
    for name in ("changed", "deleted", "replaced"):
        table.put_item(Item={**_key(name), "amount": 1, "tags": ["old"]})


def _key(name: str) -> dict[str, str]:
    # A table without a sort key takes `part` for an attribute like any other, see `_named`.
    return {"id": name, "part": "p"}


def _named(table: Any, name: str) -> dict[str, str]:
    return {key["AttributeName"]: _key(name)[key["AttributeName"]] for key in table.key_schema}


def _operations(table: Any) -> list[dict[str, Any]]:
    """Return one of each kind that changes something."""
    update = "SET amount = amount + :one, tags = list_append(tags, :tag)"
    return [
        {"Put": {"Item": {**_key("added"), "amount": 1}}},
        {"Put": {"Item": {**_key("replaced"), "amount": 2}}},
        {"Delete": {"Key": _named(table, "deleted")}},
        {
            "Update": {
                "Key": _named(table, "changed"),
                "UpdateExpression": update,
                "ExpressionAttributeValues": {":one": 1, ":tag": ["new"]},
            }
        },
    ]


def _write(table: Any, operations: list[dict[str, Any]]) -> None:
    items = [{kind: {"TableName": table.name, **body} for kind, body in each.items()} for each in operations]
    table.meta.client.transact_write_items(TransactItems=items)


def _all(table: Any) -> dict[str, Any]:
    return {item["id"]: item for item in table.scan()["Items"]}


def test_transaction_makes_every_change(table: Any) -> None:
    _write(table, _operations(table))
    assert {name: (item["amount"], item.get("tags")) for name, item in _all(table).items()} == {
        "added": (1, None),
        "replaced": (2, None),
        "changed": (2, ["old", "new"]),
    }


@pytest.mark.parametrize("place", ["first", "last"])
def test_transaction_with_a_failed_condition_changes_nothing(table: Any, place: str, aws: Aws) -> None:
    before, records = _all(table), _stream(aws, table)
    check = {"ConditionCheck": {"Key": _named(table, "not there"), **NEVER}}
    operations = [check, *_operations(table)] if place == "first" else [*_operations(table), check]
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        _write(table, operations)
    assert _all(table) == before
    assert _stream(aws, table) == records


def test_transaction_with_a_duplicate_item_changes_nothing(table: Any) -> None:
    before = _all(table)
    twice = {"Put": {"Item": _key("changed")}}
    with pytest.raises(ClientError, match="cannot include multiple operations on one item"):
        _write(table, [*_operations(table), twice])
    assert _all(table) == before


def test_transaction_copies_only_its_own_items(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(OTHER_ITEMS):
        table.put_item(Item=_key(str(number)))
    copied: list[Item] = []
    copy: Any = Item.__deepcopy__

    def counted(item: Item, memo: dict[int, Any]) -> Any:
        copied.append(item)
        return copy(item, memo)

    monkeypatch.setattr(Item, "__deepcopy__", counted)
    _write(table, _operations(table))
    assert len(copied) < OTHER_ITEMS


def test_a_backup_is_a_copy_still(table: Any) -> None:
    client = table.meta.client
    _write(table, _operations(table))
    before = _all(table)
    arn = client.create_backup(TableName=table.name, BackupName="backup")["BackupDetails"]["BackupArn"]
    table.put_item(Item=_key("after"))
    restored = f"restored-{table.name}"
    client.restore_table_from_backup(TargetTableName=restored, BackupArn=arn)
    assert {item["id"] for item in client.scan(TableName=restored)["Items"]} == {*before}


def _stream(aws: Aws, table: Any) -> list[Any]:
    """Return all records that the table's stream holds."""
    streams = aws.client("dynamodbstreams")
    arn = table.latest_stream_arn
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return list(streams.get_records(ShardIterator=start)["Records"])
