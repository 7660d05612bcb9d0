"""What a crash leaves half done is finished by the next callback, or by the sweeper."""

import json
from typing import Any

import pytest

from tests.e2e.client import Client, Run, document, done, story

pytestmark = pytest.mark.xdist_group("default")


def _crash_after_the_write(run: Run, key: str) -> None:
    """Leave what a callback handler leaves that dies between its write and SendTaskSuccess."""
    callback = {"status": "success", "message": "Kept", "jiraStoryId": key, "completedAt": "2026-01-01T00:00:00Z"}
    run.client.dynamodb.update_item(
        TableName=run.client.outputs["dynamodb_table_name"],
        Key={"jiraStoryId": {"S": key}, "executionName": {"S": run.name}},
        UpdateExpression="SET callback = :callback, callbackId = :id",
        ExpressionAttributeValues={
            ":callback": {"M": {name: {"S": value} for name, value in callback.items()}},
            ":id": {"S": "the one that crashed"},
        },
    )


def _sweep(aws: Client) -> dict[str, Any]:
    answer = aws.aws("lambda").invoke(FunctionName=aws.outputs["sweeper_lambda_arn"], Payload=b"{}")
    payload: dict[str, Any] = json.loads(answer["Payload"].read() or b"{}") or {}
    assert "FunctionError" not in answer, payload
    return payload


def test_the_next_callback_heals(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    _crash_after_the_write(run, key)
    answer = aws.call_back(done(key, message="Second"))
    assert answer.code == 200
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["callbackMessage"] == "Kept"


def test_the_sweeper_heals(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    _crash_after_the_write(run, key)
    _sweep(aws)
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["callbackMessage"] == "Kept"
    assert "taskToken" not in (run.item(key) or {})
    assert aws.call_back(done(key)).status == "already-resumed"


def test_the_sweeper_leaves_alone_who_waits(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    _sweep(aws)
    assert run.describe()["status"] == "RUNNING"
    assert "taskToken" in (run.item(key) or {})
    assert aws.call_back(done(key)).status == "resumed"
