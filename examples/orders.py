"""Three orders by event: one is confirmed, one is declined, and one is out of stock."""

import json
from pathlib import Path
from typing import Any

from examples.printing import DemoError, bill, say, title, wait
from ops.history import states as history
from sandbox.embedded import Aws

HERE = Path(__file__).parent

DECLINED = {
    "userId": "low-credit-7",
    "orderData": {"items": [{"productId": "PROD004", "quantity": 4, "price": 299.99}]},
}
"""More than $1,000 on a poor credit score."""

OUT_OF_STOCK = {
    "userId": "test123",
    "orderData": {"items": [{"productId": "PROD005", "quantity": 1, "price": 149.99}]},
}
"""PROD005 has no stock."""


def show(aws: Aws) -> None:
    """Submit the three orders.

    Raises:
        DemoError: one of them ended in an unexpected way.
    """
    submitted = json.loads((HERE / "order.json").read_text(encoding="utf-8"))
    for heading, detail, outcome in (
        ("Order by event: confirmed", submitted, "CONFIRMED"),
        ("Order by event: payment declined, stock given back", DECLINED, "REJECTED"),
        ("Order by event: out of stock, payment refunded", OUT_OF_STOCK, "REJECTED"),
    ):
        title(heading)
        before = _stock(aws)
        order_id = _submit(aws, detail)
        execution = _execution_of(aws, order_id)
        output = _output(aws, execution)
        print(json.dumps(output, indent=2))
        for step in _timeline(aws, order_id):
            say(f"  {step['at']['S']}  {step['state']['S']}  {step.get('reason', {}).get('S', '')}".rstrip())
        say(f"stock before {before}")
        say(f"stock after  {_stock(aws)}")
        if output["status"] != outcome:
            raise DemoError(f"order {order_id} is {output['status']}: {output['reason']}")
        if outcome == "REJECTED" and _stock(aws) != before:
            raise DemoError(f"order {order_id} was rejected, and its stock is gone")
        if outcome == "CONFIRMED":
            bill(history.read(aws.client("stepfunctions"), execution))


def _submit(aws: Aws, detail: dict[str, Any]) -> str:
    (entry,) = aws.client("events").put_events(
        Entries=[
            {
                "Source": "microservices.orders",
                "DetailType": "Order Submitted",
                "Detail": json.dumps(detail),
                "EventBusName": aws.outputs["orders_event_bus_name"],
            }
        ]
    )["Entries"]
    say(f"put event {entry['EventId']} on the bus {aws.outputs['orders_event_bus_name']}")
    return f"ord-{entry['EventId']}"


def _execution_of(aws: Aws, order_id: str) -> str:
    """Return the execution that the rule started for an order."""
    stepfunctions = aws.client("stepfunctions")
    found: list[str] = []

    def look() -> bool:
        listed = stepfunctions.list_executions(stateMachineArn=aws.outputs["orders_state_machine_arn"], maxResults=10)
        for run in listed["executions"]:
            described = stepfunctions.describe_execution(executionArn=run["executionArn"])
            if order_id.removeprefix("ord-") in described["input"]:
                found.append(run["executionArn"])
        return bool(found)

    wait(f"the start of {order_id}", look)
    return found[0]


def _output(aws: Aws, execution: str) -> dict[str, Any]:
    stepfunctions = aws.client("stepfunctions")
    wait("the end of the order", lambda: _status(stepfunctions, execution) != "RUNNING")
    ended = stepfunctions.describe_execution(executionArn=execution)
    if ended["status"] != "SUCCEEDED":
        raise DemoError(f"the order ended as {ended['status']}: {ended.get('error')}: {ended.get('cause')}")
    output: dict[str, Any] = json.loads(ended["output"])
    return output


def _status(stepfunctions: Any, execution: str) -> str:
    return str(stepfunctions.describe_execution(executionArn=execution)["status"])


def _timeline(aws: Aws, order_id: str) -> list[dict[str, Any]]:
    item = aws.client("dynamodb").get_item(
        TableName=aws.outputs["orders_table_name"], Key={"orderId": {"S": order_id}}, ConsistentRead=True
    )["Item"]
    return [step["M"] for step in item["timeline"]["L"]]


def _stock(aws: Aws) -> dict[str, int]:
    items = aws.client("dynamodb").scan(TableName=aws.outputs["inventory_table_name"])["Items"]
    return {item["productId"]["S"]: int(item["available"]["N"]) for item in sorted(items, key=str)}
