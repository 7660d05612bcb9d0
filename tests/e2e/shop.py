"""A team that sends orders: submits them, reads their outcome and stocks products."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.e2e.client import Client, eventually


@dataclass(frozen=True)
class Shop:
    """The view of a stack that a team with orders has."""

    client: Client

    def submit(self, detail: Any, *, detail_type: str = "Order Submitted") -> str:
        """Put an event on the bus and give its id."""
        (event,) = self.submit_all([detail], detail_type=detail_type)
        return event

    def submit_all(self, details: Sequence[Any], *, detail_type: str = "Order Submitted") -> list[str]:
        """Put up to ten events on the bus in one call and give their ids."""
        entries = [
            {
                "Source": "microservices.orders",
                "DetailType": detail_type,
                "Detail": json.dumps(detail),
                "EventBusName": self.client.outputs["orders_event_bus_name"],
            }
            for detail in details
        ]
        answers = self.client.aws("events").put_events(Entries=entries)["Entries"]
        return [str(answer["EventId"]) for answer in answers]

    def start(self, detail: Any) -> str:
        """Start the workflow directly and give the execution's ARN."""
        arn: str = self.client.stepfunctions.start_execution(
            stateMachineArn=self.client.outputs["orders_state_machine_alias_arn"], input=json.dumps(detail)
        )["executionArn"]
        return arn

    def ended(self, arn: str) -> dict[str, Any]:
        """Wait for an execution's end."""

        def look() -> dict[str, Any] | None:
            described: dict[str, Any] = self.client.stepfunctions.describe_execution(executionArn=arn)
            return None if described["status"] == "RUNNING" else described

        return eventually(look, f"the end of {arn}")

    def output(self, arn: str) -> dict[str, Any]:
        """Return the output of an execution that has to succeed."""
        ended = self.ended(arn)
        assert ended["status"] == "SUCCEEDED", ended
        output: dict[str, Any] = json.loads(ended["output"])
        assert set(output) == {"orderId", "status", "reason", "total", "payment", "reservation", "notification"}
        return output

    def states(self, arn: str) -> list[str]:
        """Return the states in the order in which they were entered."""
        pages = self.client.stepfunctions.get_paginator("get_execution_history").paginate(executionArn=arn)
        events = [event for page in pages for event in page["events"]]
        return [e["stateEnteredEventDetails"]["name"] for e in events if e["type"].endswith("StateEntered")]

    def order(self, order_id: str) -> dict[str, Any] | None:
        """Return an order's record."""
        return self._item("orders_table_name", {"orderId": {"S": order_id}})

    def status(self, order_id: str) -> str | None:
        """The present state of an order."""
        order = self.order(order_id)
        return order["status"]["S"] if order else None

    def finished(self, order_id: str) -> dict[str, Any]:
        """Wait until an order has its outcome."""

        def look() -> dict[str, Any] | None:
            order = self.order(order_id)
            is_open = order is None or order["status"]["S"] in {"PENDING", "CANCELLING"}
            return None if is_open else order

        return eventually(look, f"the outcome of {order_id}")

    def available(self, product: str) -> int:
        """Pieces in stock."""
        item = self._item("inventory_table_name", {"productId": {"S": product}})
        assert item is not None
        return int(item["available"]["N"])

    def stock(self, product: str, pieces: int) -> None:
        """Put a product of the test's own on the shelf."""
        self.client.dynamodb.put_item(
            TableName=self.client.outputs["inventory_table_name"],
            Item={"productId": {"S": product}, "available": {"N": str(pieces)}, "price": {"N": "10"}},
        )

    def payment(self, order_id: str) -> str | None:
        """Return the state of an order's payment."""
        item = self._item("payments_table_name", {"orderId": {"S": order_id}})
        return item["state"]["S"] if item else None

    def invoke(self, service: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Invoke a service alone."""
        answer = self.client.aws("lambda").invoke(
            FunctionName=self.client.outputs[f"{service}_service_lambda_arn"], Payload=json.dumps(payload).encode()
        )
        body: dict[str, Any] = json.loads(answer["Payload"].read())
        return {"functionError": answer["FunctionError"], **body} if "FunctionError" in answer else body

    def _item(self, table: str, key: dict[str, Any]) -> dict[str, Any] | None:
        item: dict[str, Any] | None = self.client.dynamodb.get_item(
            TableName=self.client.outputs[table], Key=key, ConsistentRead=True
        ).get("Item")
        return item


def new_order_id() -> str:
    """Return an id that no other test uses."""
    return f"order-{uuid4().hex[:12]}"


def new_product(shop: Shop, pieces: int) -> str:
    """Return a product that no other test uses."""
    product = f"P{uuid4().hex[:8].upper()}"
    shop.stock(product, pieces)
    return product


def order_detail(user: str, product: str, *, quantity: int = 1, price: float = 10.0, **more: Any) -> dict[str, Any]:
    """Return an order of one line."""
    items = [{"productId": product, "quantity": quantity, "price": price}]
    return {"userId": user, "orderData": {"items": items}, **more}


def timeline(order: dict[str, Any]) -> list[str]:
    """Return the states of an order, in order."""
    return [step["M"]["state"]["S"] for step in order["timeline"]["L"]]
