"""Counts for the load tests."""

from collections.abc import Collection, Sequence
from typing import Any

from tests.e2e.client import Client, Run


def waiting(client: Client, stories: Collection[str]) -> int:
    """Return how many releases wait for one of the stories."""
    pages = client.dynamodb.get_paginator("query").paginate(
        TableName=client.outputs["dynamodb_table_name"],
        IndexName="waiting",
        KeyConditionExpression="waiting = :story",
        ExpressionAttributeValues={":story": {"S": "story"}},
    )
    return sum(item["jiraStoryId"]["S"] in stories for page in pages for item in page["Items"])


def ended(client: Client, runs: Sequence[Run]) -> int:
    """Return how many of the releases have ended, well or not."""
    ours = {run.arn for run in runs}
    machine = client.outputs["state_machine_arn"]
    pages = client.stepfunctions.get_paginator("list_executions").paginate(stateMachineArn=machine)
    executions = [execution for page in pages for execution in page["executions"]]
    return sum(each["executionArn"] in ours and each["status"] != "RUNNING" for each in executions)


def resumptions(run: Run) -> int:
    """Return how often a release went on after its story: the next step must happen once."""
    return run.states().count("Write result")


def items(client: Client, table: str) -> list[dict[str, Any]]:
    """Return everything in one of the stack's tables, by the name of its output."""
    pages = client.dynamodb.get_paginator("scan").paginate(TableName=client.outputs[table], ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]
