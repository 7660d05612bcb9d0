"""Crashes of functions that decide on a wait, and the sweeper that repairs them."""

import json
from typing import Any

from tests.e2e import items
from tests.e2e.client import Client, Run


def crash_after_the_write(run: Run, key: str, status: str = "success") -> None:
    """Write what a callback handler writes before it dies without SendTaskSuccess or SendTaskFailure."""
    callback = {"status": status, "message": "Kept", "jiraStoryId": key, "completedAt": "2026-01-01T00:00:00Z"}
    stored = {"M": {name: {"S": value} for name, value in callback.items()}}
    items.change(run, key, callback=stored, callbackId="the one that crashed")


def wait_again(run: Run, key: str, token: dict[str, str]) -> None:
    """Make the item look as if nobody had recorded the end of its wait."""
    run.client.dynamodb.update_item(
        TableName=run.client.outputs["dynamodb_table_name"],
        Key={"jiraStoryId": {"S": key}, "executionName": {"S": run.name}},
        UpdateExpression="SET taskToken = :token, waiting = :story REMOVE resumedAt, endedAt, endReason",
        ExpressionAttributeValues={":token": token, ":story": {"S": "story"}},
    )


def sweep(aws: Client) -> None:
    """Run the sweeper as its rule does."""
    answer = aws.aws("lambda").invoke(FunctionName=aws.outputs["sweeper_lambda_arn"], Payload=b"{}")
    payload: dict[str, Any] = json.loads(answer["Payload"].read() or b"{}") or {}
    assert "FunctionError" not in answer, payload
