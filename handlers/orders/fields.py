"""Field types of requests to the services, which refuse values that Python would coerce."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from handlers.orders.money import from_number

MAX_LINES = 50
"""Lines of an order. One transaction takes them and the reservation: DynamoDB allows 100 writes."""

MAX_QUANTITY = 1_000
MAX_PRICE = Decimal(1_000_000)
MIN_PRICE = Decimal("0.0001")
MAX_TOTAL = Decimal(100_000_000_000)
"""Above every order of MAX_LINES lines; below it, a JSON number keeps every cent."""

MAX_ID_LENGTH = 128


class Payload(BaseModel):
    """A request to a service. Services get each other's answers, so they ignore unknown fields."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, alias_generator=to_camel)


def number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number", "Input should be a number")
    return from_number(value)


def _whole_number(value: Any) -> int:
    """Accept 2.0 as a whole number: JSON does not distinguish it from 2."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise PydanticCustomError("whole_number", "Input should be a whole number")
    return int(value)


Identifier = Annotated[str, Field(min_length=1, max_length=MAX_ID_LENGTH)]
OrderId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Quantity = Annotated[int, BeforeValidator(_whole_number), Field(gt=0, le=MAX_QUANTITY)]
Pieces = Annotated[int, BeforeValidator(_whole_number), Field(ge=0)]
Price = Annotated[Decimal, BeforeValidator(number), Field(ge=MIN_PRICE, le=MAX_PRICE)]
Amount = Annotated[Decimal, BeforeValidator(number), Field(gt=0, le=MAX_TOTAL)]


class ProductLine(Payload):
    """A quantity of a product."""

    product_id: Identifier
    quantity: Quantity


class PricedLine(ProductLine):
    """A quantity of a product and its price."""

    price: Price


def quantities(lines: Iterable[ProductLine]) -> dict[str, int]:
    """Return the quantity of each product, summed over its lines."""
    summed: dict[str, int] = {}
    for line in lines:
        summed[line.product_id] = summed.get(line.product_id, 0) + line.quantity
    return summed
