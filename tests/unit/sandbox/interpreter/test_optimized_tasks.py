"""Optimized integrations: results and errors."""

import json
from typing import Any

import pytest

from tests.unit.sandbox.interpreter.conftest import Aws


def _task(action: str, arguments: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{action}",
        "Arguments": arguments,
        "End": True,
        **fields,
    }


@pytest.fixture(scope="module")
def table(aws: Aws) -> str:
    """Return an empty table."""
    return aws.table("id")


def test_result_has_the_metadata_of_the_call(aws: Aws, table: str) -> None:
    topic = aws.client("sns").create_topic(Name="told")["TopicArn"]
    calls = [
        _task("dynamodb:putItem", {"TableName": table, "Item": {"id": {"S": "q"}}}),
        _task("sns:publish", {"TopicArn": topic, "Message": "m"}),
        _task("events:putEvents", {"Entries": [{"Source": "mine", "DetailType": "t", "Detail": {}}]}),
    ]
    for call in calls:
        found = aws.output({"A": call})
        assert found["SdkHttpMetadata"]["HttpStatusCode"] == 200
        assert set(found["SdkHttpMetadata"]) == {"AllHttpHeaders", "HttpHeaders", "HttpStatusCode"}
        assert set(found["SdkResponseMetadata"]) == {"RequestId"}


def test_an_aws_sdk_task_has_no_metadata(aws: Aws, table: str) -> None:
    assert "SdkHttpMetadata" not in aws.output({"A": _task("aws-sdk:dynamodb:describeTable", {"TableName": table})})


def test_unmodelled_error_of_dynamodb_is_its_general_exception(aws: Aws, table: str) -> None:
    update = {
        "TableName": table,
        "Key": {"id": {"S": "zz"}},
        "UpdateExpression": "SET c = c + :i",
        "ExpressionAttributeValues": {":i": {"N": "1"}},
    }
    condition = {"TableName": table, "Item": {"id": {"S": "a"}}, "ConditionExpression": "attribute_exists(id)"}

    assert aws.run({"A": _task("dynamodb:updateItem", update)})["error"] == "DynamoDB.AmazonDynamoDBException"
    conditional = aws.run({"A": _task("dynamodb:putItem", condition)})
    assert conditional["error"] == "DynamoDB.ConditionalCheckFailedException"


def test_a_refused_event_is_explained_in_json(aws: Aws) -> None:
    entry = {"Source": "my.src", "DetailType": "t", "Detail": "not json"}

    found = aws.run({"A": _task("events:putEvents", {"Entries": [entry]})})

    assert found["error"] == "EventBridge.FailedEntry"
    assert json.loads(found["cause"])["FailedEntryCount"] == 1
