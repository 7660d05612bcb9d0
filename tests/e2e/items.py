"""Writes of the tests to the items of waits."""

from typing import Any

from tests.e2e.client import Run


def change(run: Run, story: str, **attributes: Any) -> None:
    """Write attributes of the item on which an execution waits for the story: texts, or values with their types."""
    values = {f":{name}": value if isinstance(value, dict) else {"S": value} for name, value in attributes.items()}
    run.client.dynamodb.update_item(
        TableName=run.client.outputs["dynamodb_table_name"],
        Key={"jiraStoryId": {"S": story}, "executionName": {"S": run.name}},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in attributes),
        ExpressionAttributeNames={f"#{name}": name for name in attributes},
        ExpressionAttributeValues=values,
    )
