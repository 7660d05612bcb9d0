"""Orders as events: undeliverable, repeated and concurrent ones."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.client import Client, eventually
from tests.e2e.shop import Shop, new_order_id, new_product, order_detail

AFTER_EVERY_EVENT = 4_102_444_800
"""A day in 2100: whatever the clock of the stack was moved to lies before it."""


def test_undelivered_event_reaches_the_dead_letter_queue(breakable: Client) -> None:
    outputs, shop, iam, sqs = breakable.outputs, Shop(breakable), breakable.aws("iam"), breakable.aws("sqs")
    (target,) = breakable.aws("events").list_targets_by_rule(
        Rule=outputs["orders_event_rule_name"], EventBusName=outputs["orders_event_bus_name"]
    )["Targets"]
    role = target["RoleArn"].rsplit("/", 1)[1]
    deny = {"Effect": "Deny", "Action": "states:StartExecution", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [deny]}
    iam.put_role_policy(RoleName=role, PolicyName="deny", PolicyDocument=json.dumps(document))
    event = ""

    def look() -> dict[str, Any] | None:
        received = sqs.receive_message(QueueUrl=outputs["orders_dlq_url"], MessageAttributeNames=["All"])
        messages: list[dict[str, Any]] = received.get("Messages", [])
        return next((message for message in messages if json.loads(message["Body"]).get("id") == event), None)

    try:
        event = shop.submit(order_detail("test123", "PROD001"))
        message = eventually(look, "the dead letter")
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="deny")
    sqs.delete_message(QueueUrl=outputs["orders_dlq_url"], ReceiptHandle=message["ReceiptHandle"])
    assert message["MessageAttributes"]["ERROR_CODE"]


def _rush(client: Client, orders: int, pieces: int) -> None:
    """Submit the orders at once, for fewer pieces than they ask for, and look at every one of them."""
    shop = Shop(client)
    product = new_product(shop, pieces)
    details = [order_detail(f"high-credit-{number}", product, orderId=new_order_id()) for number in range(orders)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(shop.submit, details))
    statuses = Counter(shop.finished(detail["orderId"])["status"]["S"] for detail in details)
    assert statuses == {"CONFIRMED": pieces, "REJECTED": orders - pieces}
    assert shop.available(product) == 0
    payments = Counter(shop.payment(detail["orderId"]) for detail in details)
    assert payments["CHARGED"] == pieces


def test_six_orders_sell_two_pieces_exactly(breakable: Client) -> None:
    _rush(breakable, orders=6, pieces=2)


@pytest.mark.soak
def test_two_hundred_orders_sell_fifty_pieces_exactly(breakable: Client) -> None:
    _rush(breakable, orders=200, pieces=50)


def test_an_archive_replay_makes_no_order_twice(breakable: Client) -> None:
    shop, order_id = Shop(breakable), new_order_id()
    product = new_product(shop, 5)
    shop.submit(order_detail("test123", product, orderId=order_id))
    shop.finished(order_id)
    events = breakable.aws("events")
    (archive,) = events.list_archives()["Archives"]
    bus = events.describe_event_bus(Name=breakable.outputs["orders_event_bus_name"])["Arn"]
    arn = events.describe_archive(ArchiveName=archive["ArchiveName"])["ArchiveArn"]
    events.start_replay(
        ReplayName=order_id,
        EventSourceArn=arn,
        EventStartTime=0,
        EventEndTime=AFTER_EVERY_EVENT,
        Destination={"Arn": bus},
    )
    machine = breakable.outputs["orders_state_machine_arn"]

    def twice() -> bool | None:
        pages = breakable.stepfunctions.get_paginator("list_executions").paginate(stateMachineArn=machine)
        runs = [run for page in pages for run in page["executions"]]
        described = (breakable.stepfunctions.describe_execution(executionArn=run["executionArn"]) for run in runs)
        ended = [each["status"] for each in described if order_id in each["input"]]
        return ended == ["SUCCEEDED", "SUCCEEDED"] or None

    eventually(twice, "the second execution")
    assert shop.available(product) == 4
