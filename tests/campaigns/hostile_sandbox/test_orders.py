"""Hostile orders by event and directly: each comes to one outcome or is refused at the door, and stock is conserved."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.services.eventbridge.entries import MAX_REQUEST_BYTES
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.log_lines import check_text
from tests.campaigns.hostile.orders import FORGED_SOURCES, Order, order
from tests.campaigns.hostile.texts import text
from tests.campaigns.hostile.values import changed
from tests.campaigns.hostile_sandbox.world import World
from tests.e2e.shop import Shop, new_product, order_detail

SHORT, LONG = 4, 280
WORKERS = 8
PIECES = 1_000_000

PAID: Mapping[str, set[str | None]] = {
    "CONFIRMED": {"CHARGED"},
    "REJECTED": {None, "VOID", "REFUNDED"},
    "FAILED": {None, "VOID", "REFUNDED"},
}
"""Valid states of the payment, by the order's outcome."""


@dataclass
class Till:
    """The shop with the campaign's own product, and the number sold."""

    world: World
    shop: Shop
    product: str
    orders: set[str] = field(default_factory=set)

    def settled(self, order_id: str, sent: Order) -> None:
        """Wait for an order's outcome, and check it."""
        self.orders.add(order_id)
        tables = ("orders_table_name", "payments_table_name", "reservations_table_name")
        self.world.owns(*((table, order_id) for table in tables))
        found = self.shop.finished(order_id)
        status = found["status"]["S"]
        assert status != "FAILED" or sent.is_deep, found
        assert status == "CONFIRMED" or not sent.is_good, found
        assert self.shop.payment(order_id) in PAID[status]
        check_text(json.dumps(found), self.world.secrets)

    def check_stock(self) -> None:
        """Check that the missing stock is in reservations that were kept."""
        sold = 0
        for order_id in self.orders:
            item = self.shop._item("reservations_table_name", {"orderId": {"S": order_id}})
            if item and item["state"]["S"] in ("COMMITTED", "RESERVED"):
                lines = (line["M"] for line in item["items"]["L"])
                sold += sum(int(line["quantity"]["N"]) for line in lines if line["productId"]["S"] == self.product)
        assert self.shop.available(self.product) == PIECES - sold


@pytest.fixture
def till(world: World, shop: Shop) -> Till:
    product = new_product(shop, PIECES)
    world.owns(("inventory_table_name", product))
    return Till(world, shop, product)


def _start(till: Till, given: str) -> str:
    """Return the execution's ARN, or the code of the error with which it was refused."""
    machine = till.world.client.outputs["orders_state_machine_arn"]
    try:
        started = till.shop.client.stepfunctions.start_execution(stateMachineArn=machine, input=given)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return str(started["executionArn"])


def test_hostile_event_has_an_outcome(till: Till, seed: int, at_length: bool) -> None:
    events = till.world.client.aws("events")

    def put(detail: str, source: str = "microservices.orders", kind: str = "Order Submitted") -> dict[str, Any]:
        bus = till.world.client.outputs["orders_event_bus_name"]
        entry = {"Source": source, "DetailType": kind, "Detail": detail, "EventBusName": bus}
        try:
            (answer,) = events.put_events(Entries=[entry])["Entries"]
        except ClientError as refused:
            return {"ErrorCode": refused.response["Error"]["Code"]}
        return dict(answer)

    def make(rng: random.Random) -> tuple[Order, str, str]:
        strange = rng.random() < 0.1
        source = rng.choice((*FORGED_SOURCES, text(rng))) if strange else "microservices.orders"
        kind = text(rng)[:128] if rng.random() < 0.05 else "Order Submitted"
        return order(rng, till.product), source[:256], kind

    def check(case: tuple[Order, str, str]) -> None:
        sent, source, kind = case
        answer = put(sent.text, source, kind)
        if answer.get("ErrorCode") == "ValidationException":
            assert len(f"{source}{kind}{sent.text}".encode()) > MAX_REQUEST_BYTES
        elif (source, kind) != ("microservices.orders", "Order Submitted"):
            assert source.startswith("aws.") == (answer.get("ErrorCode") == "NotAuthorizedForSourceException")
        elif "EventId" in answer:
            # EventBridge names an execution after its event.
            till.world.owns_logs(f"{answer['EventId']}_")
            till.settled(sent.named or f"ord-{answer['EventId']}", sent)
        else:
            assert answer["ErrorCode"] == "MalformedDetail"
            assert not sent.is_good

    Campaign("orders by event", seed, LONG if at_length else SHORT, make, check, WORKERS).run()
    till.check_stock()


def test_hostile_direct_order_has_an_outcome(till: Till, seed: int, at_length: bool) -> None:
    def make(rng: random.Random) -> tuple[Order, str]:
        return order(rng, till.product), json.dumps(rng.choice((None, "", text(rng), 5, {"a": 1}, ["x"], "x" * 5_000)))

    def check(case: tuple[Order, str]) -> None:
        sent, event_id = case
        given = f'{{"eventId": {event_id}, "detail": {sent.text}}}' if len(event_id) % 2 else sent.text
        started = _start(till, given)
        if started == "InvalidExecutionInput":
            assert not sent.is_good
            return
        till.world.owns_logs(f"{started.rpartition(':')[2]}/")
        ended = till.shop.ended(started)
        check_text(ended.get("cause", "") + ended.get("output", ""), till.world.secrets)
        output = json.loads(ended.get("output", "{}"))
        till.settled(output.get("orderId") or sent.named or f"ord-{started.rpartition(':')[2]}", sent)
        assert ended["status"] == "SUCCEEDED" or sent.is_deep

    Campaign("orders started directly", seed, LONG if at_length else SHORT, make, check, WORKERS).run()
    till.check_stock()


def _lines(detail: dict[str, Any]) -> list[Any] | None:
    """Return the order without the fields that no service reads; None if it cannot be read."""
    try:
        items = detail["orderData"]["items"]
        return [[line[name] for name in ("productId", "quantity", "price")] for line in items]
    except (KeyError, TypeError):
        return None


def test_order_of_another_user_is_unchanged(till: Till, seed: int, at_length: bool) -> None:
    order_id, user = f"order-of-another-{seed}", "high-credit-another"
    theirs = order_detail(user, till.product, orderId=order_id)
    till.shop.output(till.shop.start(theirs))
    till.settled(order_id, Order(json.dumps(theirs), is_good=True))
    tables = ("orders_table_name", "payments_table_name", "reservations_table_name")
    before = [till.shop._item(table, {"orderId": {"S": order_id}}) for table in tables]

    def make(rng: random.Random) -> dict[str, Any]:
        return {**json.loads(json.dumps(changed(rng, theirs))), "orderId": order_id}

    def check(given: dict[str, Any]) -> None:
        output = till.shop.output(_start(till, json.dumps(given)))
        is_theirs = given.get("userId") == user and _lines(given) == _lines(theirs)
        assert output["status"] == "REJECTED" or is_theirs, output
        assert output["payment"] is None or is_theirs, output

    Campaign("orders under another's id", seed, LONG // 3 if at_length else SHORT // 2, make, check, WORKERS).run()
    assert [till.shop._item(table, {"orderId": {"S": order_id}}) for table in tables] == before
    till.check_stock()
