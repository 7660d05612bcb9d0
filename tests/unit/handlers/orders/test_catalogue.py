"""The catalogue: new products are added; known ones keep their stock."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.aws import client
from handlers.orders.catalogue import PAUSES, Product, put_products
from handlers.orders.errors import InvalidOrderError
from handlers.orders.inventory import handler
from tests.unit.handlers.conftest import Context
from tests.unit.handlers.orders.conftest import INVENTORY, available, stored

LAMP = {"productId": "PROD009", "name": "Lamp", "price": 19.99, "available": 7}


def stocking(*products: dict[str, Any]) -> dict[str, Any]:
    return {"action": "stock", "products": list(products)}


@pytest.mark.usefixtures("shop")
def test_new_product_has_the_stock_of_the_catalogue(context: Context) -> None:
    answer = handler(stocking(LAMP, {**LAMP, "productId": "PROD010", "available": 0}), context)
    assert answer == {"status": "STOCKED", "products": ["PROD009", "PROD010"]}
    item = stored(INVENTORY, "PROD009")
    assert (item["name"], float(item["price"]), int(item["available"])) == ("Lamp", 19.99, 7)
    assert available("PROD010") == 0


@pytest.mark.usefixtures("shop")
def test_known_product_keeps_its_stock_and_gets_the_new_name_and_price(context: Context) -> None:
    handler(stocking(LAMP), context)
    lines = [{"productId": "PROD009", "quantity": 2, "price": 1}]
    handler({"orderId": "o-1", "orderData": {"items": lines}}, context)
    handler(stocking({**LAMP, "name": "Desk lamp", "price": 24.5}), context)
    item = stored(INVENTORY, "PROD009")
    assert (item["name"], float(item["price"]), int(item["available"])) == ("Desk lamp", 24.5, 5)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("wrong", [{"available": -1}, {"available": 1.5}, {"price": 0}, {"name": ""}])
def test_invalid_product_is_refused_and_none_is_stored(wrong: dict[str, Any], context: Context) -> None:
    with pytest.raises(InvalidOrderError, match=rf"products\.1\.{next(iter(wrong))}"):
        handler(stocking(LAMP, {**LAMP, **wrong}), context)
    key = {"productId": {"S": "PROD009"}}
    assert "Item" not in client("dynamodb").get_item(TableName=INVENTORY, Key=key)


class DeniedAtFirst:
    """DynamoDB before the policy of a new role is in effect: it denies a number of calls."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.written: list[str] = []

    def update_item(self, **call: Any) -> None:
        if self.refusals:
            self.refusals -= 1
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "UpdateItem")
        self.written.append(call["Key"]["productId"]["S"])


def test_call_waits_until_a_new_role_may_write() -> None:
    dynamodb, pauses = DeniedAtFirst(2), list[float]()
    put_products(dynamodb, INVENTORY, [Product.model_validate(LAMP)], pauses.append)
    assert (dynamodb.written, pauses) == (["PROD009"], [*PAUSES[:2]])


def test_role_without_write_permission_is_an_error() -> None:
    dynamodb, pauses = DeniedAtFirst(100), list[float]()
    with pytest.raises(ClientError, match="AccessDenied"):
        put_products(dynamodb, INVENTORY, [Product.model_validate(LAMP)], pauses.append)
    assert pauses == [*PAUSES]
