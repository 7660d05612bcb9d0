"""Order ids in service requests: valid as table keys, and unique for every execution."""

import re
from typing import Any

import pytest

from asl.orders import services as orders_services
from sandbox.interpreter import jsonata
from tests.unit.asl.deciding import value
from tests.unit.asl.orders.test_workflow import MACHINE

NAME = "run-1"


def _id(given: Any, name: str = NAME) -> Any:
    context = {"Execution": {"Name": name}}
    return jsonata.evaluate(orders_services.ORDER_ID, {"states": {"input": given, "context": context}})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"orderId": "A-1"}, "A-1"),
        ({"detail": {"orderId": "A-1"}, "eventId": "e"}, "A-1"),
        ({"orderId": "x" * 64}, "x" * 64),
        ({"detail": {"orderData": {"orderId": "A-1", "items": []}}, "eventId": "e"}, "A-1"),
        ({"orderId": "A-1", "orderData": {"orderId": "A-2"}}, "A-1"),
        ({"detail": {}, "eventId": "0123-4567"}, "ord-0123-4567"),
        ({}, "ord-run-1"),
    ],
)
def test_order_id_is_the_orders_own_then_the_events_then_the_executions(given: Any, expected: str) -> None:
    assert _id(given) == expected


HOSTILE = [
    "",
    "../..",
    "a\n",
    "\na",
    "a b",
    "#pk",
    ":id",
    "{% $x %}",
    "\x00",
    "\u202ea",
    "x" * 65,
    "x" * 200_000,
    None,
    5,
    True,
    ["A-1"],
    {"S": "A-1"},
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda value: repr(value)[:20])
def test_invalid_order_id_is_replaced_by_the_executions(hostile: Any) -> None:
    for given in (
        {"orderId": hostile},
        {"detail": {"orderId": hostile}},
        {"eventId": hostile, "detail": {}},
        {"eventId": hostile, "detail": {"orderId": hostile}},
        {"detail": {"orderData": {"orderId": hostile}}},
        {"detail": {"orderData": hostile}},
    ):
        assert _id(given) == "ord-run-1"


@pytest.mark.parametrize("name", [".", "..", "релиз", "a\u202eb", "x" * 80, "a+b"])
def test_every_execution_name_gives_a_valid_order_id(name: str) -> None:
    assert re.fullmatch(r"ord-[A-Za-z0-9_-]{1,60}", _id({}, name))


@pytest.mark.parametrize("asked", ["A-1", "a b", "", 5, 10**400, False, ["A-1"]])
def test_order_service_receives_the_requested_id(asked: Any) -> None:
    payload = MACHINE["States"]["Create order"]["Arguments"]["Payload"]
    assert value(payload["orderId"], {"askedId": asked, "orderId": "ord-run-1"}) == asked


def test_order_service_receives_a_generated_id_without_a_request() -> None:
    payload = MACHINE["States"]["Create order"]["Arguments"]["Payload"]
    assert value(payload["orderId"], {"askedId": None, "orderId": "ord-run-1"}) == "ord-run-1"
