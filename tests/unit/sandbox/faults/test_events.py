"""Faults of asynchronous work: events on their way to a target, and asynchronous invocations."""

import json
import time
from typing import Any

import pytest

from sandbox.faults import ASYNCHRONOUS_RUN, EVENT_DELIVERY, Fault, Kind, Plan
from tests.unit.sandbox.services.aws import Aws
from tests.unit.sandbox.services.eventbridge.test_targets import WAIT_SECONDS, put, queue, received, rule

SENDS = """
import boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=context.aws_request_id)
"""


def one(call: str, kind: Kind, **more: Any) -> Plan:
    return Plan(name="one", faults=(Fault(call=call, kind=kind, **more),))


@pytest.mark.parametrize(("kind", "delivered"), [(Kind.DUPLICATE, 2), (Kind.LOSE, 0)])
def test_fault_duplicates_or_loses_an_event(aws: Aws, kind: Kind, delivered: int) -> None:
    url, arn = queue(aws, f"queue-{kind}")
    rule(aws, f"rule-{kind}", {"source": [str(kind)]}, {"Arn": arn})
    with aws.server.faults(one(EVENT_DELIVERY, kind, by=f"rule-{kind}", about="o-1")):
        put(aws, str(kind), {"orderId": "o-2"})
        put(aws, str(kind), {"orderId": "o-1"})
    found = [json.loads(message["Body"])["detail"]["orderId"] for message in received(aws, url)]
    assert (found.count("o-2"), found.count("o-1")) == (1, delivered)


def test_fault_delays_an_event(aws: Aws) -> None:
    url, arn = queue(aws, "late")
    rule(aws, "late", {"source": ["late"]}, {"Arn": arn})
    started = time.monotonic()
    with aws.server.faults(one(EVENT_DELIVERY, Kind.DELAY, seconds=0.3)):
        put(aws, "late")
    assert time.monotonic() - started >= 0.3
    assert len(received(aws, url)) == 1


def test_fault_duplicates_an_invocation(aws: Aws) -> None:
    url, _ = queue(aws, "twice")
    aws.function("twice", SENDS.format(url=url))
    with aws.server.faults(one(ASYNCHRONOUS_RUN, Kind.DUPLICATE, by="twice")):
        aws.invoke("twice", InvocationType="Event")
        assert aws.server.wait_idle(WAIT_SECONDS)
    assert len(received(aws, url)) == 2
