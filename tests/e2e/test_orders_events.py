"""Orders as events: what cannot start the workflow, what comes again, and what comes all at once."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.client import eventually
from tests.e2e.conftest import sandbox
from tests.e2e.shop import Shop, order_detail

pytestmark = pytest.mark.xdist_group("events")


def test_what_cannot_start_the_workflow_ends_in_the_dead_letter_queue() -> None:
    with sandbox() as client:
        shop = Shop(client)
        client.stepfunctions.delete_state_machine(stateMachineArn=client.outputs["orders_state_machine_arn"])
        event = shop.submit(order_detail("test123", "PROD001"))
        sqs = client.aws("sqs")

        def look() -> dict[str, Any] | None:
            received = sqs.receive_message(QueueUrl=client.outputs["orders_dlq_url"], MessageAttributeNames=["All"])
            messages: list[dict[str, Any]] = received.get("Messages", [])
            return messages[0] if messages else None

        message = eventually(look, "the dead letter")
        assert json.loads(message["Body"])["id"] == event
        assert message["MessageAttributes"]["ERROR_CODE"]


def test_two_hundred_orders_sell_fifty_pieces_exactly() -> None:
    with sandbox() as client, ThreadPoolExecutor(16) as pool:
        shop = Shop(client)
        shop.stock("RARE", 50)
        details = [order_detail(f"high-credit-{number}", "RARE", orderId=f"rush-{number}") for number in range(200)]
        list(pool.map(shop.submit, details))
        orders = [shop.finished(detail["orderId"]) for detail in details]
        statuses = [order["status"]["S"] for order in orders]
        assert statuses.count("CONFIRMED") == 50, statuses
        assert statuses.count("REJECTED") == 150
        assert shop.available("RARE") == 0
        payments = [shop.payment(detail["orderId"]) for detail in details]
        assert payments.count("CHARGED") == 50


def test_an_archive_replay_makes_no_order_twice() -> None:
    with sandbox() as client:
        shop = Shop(client)
        shop.stock("ONCE", 5)
        order_id = "replayed"
        start = time.time()
        shop.submit(order_detail("test123", "ONCE", orderId=order_id))
        shop.finished(order_id)
        events = client.aws("events")
        (archive,) = events.list_archives()["Archives"]
        bus = events.describe_event_bus(Name=client.outputs["orders_event_bus_name"])["Arn"]
        arn = events.describe_archive(ArchiveName=archive["ArchiveName"])["ArchiveArn"]
        events.start_replay(
            ReplayName="again",
            EventSourceArn=arn,
            EventStartTime=start - 60,
            EventEndTime=time.time() + 60,
            Destination={"Arn": bus},
        )
        machine = client.outputs["orders_state_machine_arn"]

        def twice() -> bool | None:
            listed = client.stepfunctions.list_executions(stateMachineArn=machine)["executions"]
            return (len(listed) == 2 and all(run["status"] == "SUCCEEDED" for run in listed)) or None

        eventually(twice, "the second execution")
        assert shop.available("ONCE") == 4
