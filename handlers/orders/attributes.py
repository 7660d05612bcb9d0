"""Conversion of table records to Python values and JSON. Numbers are decimals in Python, and numbers in JSON."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from handlers.orders.money import as_number

_to_attribute = TypeSerializer().serialize
_from_attribute = TypeDeserializer().deserialize


def to_item(record: Mapping[str, Any]) -> dict[str, Any]:
    """Convert a record to an item of DynamoDB."""
    return {name: _to_attribute(value) for name, value in record.items()}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Convert an item of DynamoDB to a record."""
    return {name: _from_attribute(value) for name, value in item.items()}


def as_json(value: Any) -> Any:
    """Return the value in types that `json` can write; whole numbers stay whole."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else as_number(value)
    if isinstance(value, Mapping):
        return {name: as_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value
