"""The inventory table: the number of pieces of each product for sale. It changes only in transactions."""

import os
from functools import cache
from typing import Any

from handlers.orders.attributes import from_item
from handlers.orders.transactions import Write


class Inventory:
    """The writes that move pieces."""

    def __init__(self, table: str) -> None:
        self._table = table

    def take(self, product_id: str, quantity: int) -> Write:
        """Return the write that takes pieces, on condition that there are enough."""
        update = self._move(product_id, "SET #available = #available - :quantity", quantity)
        return {
            "Update": {
                **update,
                "ConditionExpression": "#available >= :quantity",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def give(self, product_id: str, quantity: int) -> Write:
        """Return the write that gives pieces back, even if the product has left the catalogue."""
        return {"Update": self._move(product_id, "ADD #available :quantity", quantity)}

    def _move(self, product_id: str, update: str, quantity: int) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "Key": {"productId": {"S": product_id}},
            "UpdateExpression": update,
            "ExpressionAttributeNames": {"#available": "available"},
            "ExpressionAttributeValues": {":quantity": {"N": str(quantity)}},
        }


def available(item: dict[str, Any]) -> int:
    """Return the number of pieces in a product's item."""
    return int(from_item(item).get("available", 0))


@cache
def inventory() -> Inventory:
    """Return the table that INVENTORY_TABLE names."""
    return Inventory(os.environ["INVENTORY_TABLE"])
