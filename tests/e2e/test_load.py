"""Many releases at once: none lost, none resumed twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.client import Client, document, done, eventually, story
from tests.e2e.conftest import sandbox

RELEASES = 500
CLIENTS = 16


@pytest.mark.xdist_group("load")
def test_five_hundred_waiting_releases_are_resumed_once_each() -> None:
    # The APIs' throttling would be met by so many starts at once; it has tests of its own.
    limits = {"throttleRateLimit": "10000", "throttleBurstLimit": "5000"}
    with sandbox(limits) as client, ThreadPoolExecutor(CLIENTS) as pool:
        keys = [story() for _ in range(RELEASES)]
        runs = list(pool.map(lambda key: client.start(document(key)), keys))
        eventually(lambda: _waiting(client) == RELEASES or None, f"{RELEASES} releases waiting")
        token = client.tokens["callback"]
        answers = list(pool.map(lambda key: client.call_back(done(key), token=token), keys))
        assert Counter((answer.code, answer.status) for answer in answers) == {(200, "resumed"): RELEASES}
        assert sorted(name for answer in answers for name in answer.body["executions"]) == sorted(
            run.name for run in runs
        )
        eventually(lambda: _count(client, "SUCCEEDED") == RELEASES or None, f"{RELEASES} releases succeeding")
        assert _waiting(client) == 0
        for run, key in zip(runs, keys, strict=True):
            assert run.result()["jiraStoryId"] == key
            assert run.states().count("Write result") == 1


def _waiting(client: Client) -> int:
    pages = client.dynamodb.get_paginator("query").paginate(
        TableName=client.outputs["dynamodb_table_name"],
        IndexName="waiting",
        KeyConditionExpression="waiting = :story",
        ExpressionAttributeValues={":story": {"S": "story"}},
        Select="COUNT",
    )
    return sum(page["Count"] for page in pages)


def _count(client: Client, status: str) -> int:
    pages = client.stepfunctions.get_paginator("list_executions").paginate(
        stateMachineArn=client.outputs["state_machine_arn"], statusFilter=status
    )
    return sum(len(page["executions"]) for page in pages)
