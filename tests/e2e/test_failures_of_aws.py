"""Table and bucket that fail, and a machine that times out: the execution says why in its error.json."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.client import Client, document, done, story
from tests.e2e.control import Control
from tests.e2e.stub_apis import StubApis

SHORT_SECONDS = 600
"""Below the time that a release waits for its story."""


@contextmanager
def _without(client: Client, table: str) -> Iterator[None]:
    """Delete a table, and create it again as far as the workflows need it."""
    found = client.dynamodb.describe_table(TableName=table)["Table"]
    client.dynamodb.delete_table(TableName=table)
    try:
        yield
    finally:
        indexes = [
            {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
            for index in found["GlobalSecondaryIndexes"]
        ]
        client.dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            GlobalSecondaryIndexes=indexes,
            **{name: found[name] for name in ("KeySchema", "AttributeDefinitions")},
        )


def test_missing_table_fails_the_release(connected: Client, apis: StubApis) -> None:
    key = story()
    held = apis.hold("deployment", key)
    run = connected.start(document(key))
    run.registered(key)
    with _without(connected, connected.outputs["dynamodb_table_name"]):
        held.set()
        ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "DynamoDb.ResourceNotFoundException")
    error = run.error()
    assert (error["state"], error["jiraStoryId"]) == ("Await story", key)


def test_unwritable_result_fails_the_release(breakable: Client) -> None:
    key = story()
    run = breakable.start(document(key))
    run.waiting(key)
    policy = breakable.s3.get_bucket_policy(Bucket=breakable.bucket)["Policy"]
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject"}
    denying = {
        "Version": "2012-10-17",
        "Statement": [{**deny, "Resource": f"arn:aws:s3:::{breakable.bucket}/outputs/*"}],
    }
    breakable.s3.put_bucket_policy(Bucket=breakable.bucket, Policy=json.dumps(denying))
    try:
        breakable.call_back(done(key))
        ended = run.ended()
    finally:
        breakable.s3.put_bucket_policy(Bucket=breakable.bucket, Policy=policy)
    assert (ended["status"], ended["error"]) == ("FAILED", "S3.S3Exception")
    error = run.error()
    assert (error["state"], error["jiraStoryId"]) == ("Write result", key)


def test_timeout_of_the_state_machine_is_recorded(breakable: Client) -> None:
    machine = breakable.outputs["state_machine_arn"]
    definition = breakable.stepfunctions.describe_state_machine(stateMachineArn=machine)["definition"]
    shorter = json.dumps({**json.loads(definition), "TimeoutSeconds": SHORT_SECONDS})
    breakable.stepfunctions.update_state_machine(stateMachineArn=machine, definition=shorter)
    try:
        key = story()
        run = breakable.start_with({"inputFile": breakable.put(document(key))}, by="state_machine_arn")
    finally:
        breakable.stepfunctions.update_state_machine(stateMachineArn=machine, definition=definition)
    run.waiting(key)
    Control(breakable).move_clock(SHORT_SECONDS)
    assert run.ended()["status"] == "TIMED_OUT"
    error = run.error()
    assert (error["error"], error["jiraStoryId"]) == ("States.Timeout", key)
    assert breakable.call_back(done(key)).code == 410
