"""The id of an order is one that the tables can hold, and the order's own, whatever is sent."""

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
def test_the_order_s_own_id_comes_first_then_the_event_s_then_the_execution_s(given: Any, expected: str) -> None:
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
def test_an_impossible_id_gives_way_to_the_execution_s(hostile: Any) -> None:
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
def test_an_execution_of_any_name_gives_an_id(name: str) -> None:
    assert re.fullmatch(r"ord-[A-Za-z0-9_-]{1,60}", _id({}, name))


@pytest.mark.parametrize("asked", ["A-1", "a b", "", 5, 10**400, False, ["A-1"]])
def test_the_order_service_sees_the_id_that_was_asked_for(asked: Any) -> None:
    payload = MACHINE["States"]["Create order"]["Arguments"]["Payload"]
    assert value(payload["orderId"], {"askedId": asked, "orderId": "ord-run-1"}) == asked


def test_the_order_service_sees_our_own_id_where_none_was_asked_for() -> None:
    payload = MACHINE["States"]["Create order"]["Arguments"]["Payload"]
    assert value(payload["orderId"], {"askedId": None, "orderId": "ord-run-1"}) == "ord-run-1"
