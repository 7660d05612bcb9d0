"""`aws-sdk:dynamodb` tasks spell attribute values as the Java SDK does."""

from typing import Any

import pytest

from tests.unit.sandbox.interpreter.conftest import Aws
from tests.unit.sandbox.interpreter.test_aws_sdk_tasks import task

ITEM: dict[str, Any] = {
    "k": {"S": "v"},
    "is": {"Bool": True},
    "none": {"Nul": True},
    "names": {"Ss": ["a"]},
    "in": {"M": {"NULL": {"L": [{"Bool": False}, {"N": "1"}]}}},
}
"""Attributes may have any name, those of types among them."""


@pytest.fixture(scope="module")
def table(aws: Aws) -> str:
    """An empty table."""
    name = f"table-{aws.name()}"
    aws.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def test_values_are_written_and_given_in_the_names_of_the_java_sdk(aws: Aws, table: str) -> None:
    put = task("dynamodb:putItem", {"TableName": table, "Item": ITEM}, Output={}, Next="B")
    del put["End"]

    found = aws.output({"A": put, "B": task("dynamodb:getItem", {"TableName": table, "Key": {"k": {"S": "v"}}})})

    assert found["Item"] == ITEM
    stored = aws.client("dynamodb").get_item(TableName=table, Key={"k": {"S": "v"}})["Item"]
    assert (stored["is"], stored["none"], stored["names"]) == ({"BOOL": True}, {"NULL": True}, {"SS": ["a"]})
    assert stored["in"] == {"M": {"NULL": {"L": [{"BOOL": False}, {"N": "1"}]}}}


@pytest.mark.parametrize("value", [{"NULL": True}, {"M": {"a": {"BOOL": True}}}, {"L": [{"SS": ["a"]}]}])
def test_names_that_only_the_api_has_are_refused_as_aws_does(aws: Aws, table: str, value: dict[str, Any]) -> None:
    ended = aws.run({"A": task("dynamodb:putItem", {"TableName": table, "Item": {"k": {"S": "v"}, "a": value}})})

    assert ended["error"] == "States.Runtime"
    assert "is not supported by Step Functions" in ended["cause"]
