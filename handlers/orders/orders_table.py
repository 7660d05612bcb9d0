"""The orders table: one record for each order, created here and updated by the state machine.

A record has `open` until the order has an outcome: the index of that name lists orders that were left open.
"""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

from facts import OPEN_ORDER
from handlers.aws import client, transient_failures
from handlers.conditional_writes import ConditionFailedError, conditional_write
from handlers.orders.attributes import from_item, to_item


class Orders:
    """Records by orderId. Every method raises `TransientError` where DynamoDB is throttled or out of reach."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._client = dynamodb
        self._table = table

    def create(self, record: dict[str, Any]) -> dict[str, Any]:
        """Write the record unless one exists, and return the one that the table has now."""
        try:
            with conditional_write():
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(record),
                    ConditionExpression="attribute_not_exists(orderId)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionFailedError as failed:
            return from_item(failed.item or {})
        return record

    def read(self, order_id: str) -> dict[str, Any] | None:
        """Return the record as of now."""
        with transient_failures():
            found = self._client.get_item(TableName=self._table, Key={"orderId": {"S": order_id}}, ConsistentRead=True)
        return from_item(found["Item"]) if "Item" in found else None

    def left_open(self, index: str, before: str) -> Iterator[str]:
        """Yield the open orders without a write since that time, oldest first; the index may lag."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression="#open = :open AND updatedAt <= :before",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues=to_item({":open": OPEN_ORDER, ":before": before}),
        )
        with transient_failures():
            for page in pages:
                for item in page["Items"]:
                    yield item["orderId"]["S"]


@cache
def orders() -> Orders:
    """Return the table that ORDERS_TABLE names."""
    return Orders(client("dynamodb"), os.environ["ORDERS_TABLE"])
