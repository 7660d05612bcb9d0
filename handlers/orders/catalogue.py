"""The catalogue: name, price and initial stock of each product, which a deployment writes to the inventory table."""

import time
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from botocore.exceptions import ClientError
from pydantic import Field

from handlers.aws import error_code, transient_failures
from handlers.orders.attributes import to_item
from handlers.orders.fields import Identifier, Payload, Pieces, Price

PAUSES = (1, 2, 4, 8)
"""Pauses in seconds until the policy of a new role is in effect everywhere. With the calls, they end before the
function's own timeout of 30 s.
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency"""


class Product(Payload):
    """One product of the catalogue; `available` is the initial stock of a product that the table lacks."""

    product_id: Identifier
    name: Annotated[str, Field(min_length=1)]
    price: Price
    available: Pieces


class Catalogue(Payload):
    """The products to put into the table."""

    products: Annotated[list[Product], Field(min_length=1)]


def put_products(
    dynamodb: Any, table: str, products: Sequence[Product], pause: Callable[[float], None] = time.sleep
) -> None:
    """Set name and price of each product, and its stock only if the table has none: orders change the stock.

    Raises:
        TransientError: DynamoDB is busy or out of reach; the call may be repeated.
    """
    for product in products:
        for seconds in (*PAUSES, None):
            try:
                _put(dynamodb, table, product)
                break
            except ClientError as error:
                if error_code(error) != "AccessDeniedException" or seconds is None:
                    raise
                pause(seconds)


def _put(dynamodb: Any, table: str, product: Product) -> None:
    with transient_failures():
        dynamodb.update_item(
            TableName=table,
            Key=to_item({"productId": product.product_id}),
            UpdateExpression="SET #name = :name, price = :price, available = if_not_exists(available, :available)",
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues=to_item(
                {":name": product.name, ":price": product.price, ":available": product.available}
            ),
        )
