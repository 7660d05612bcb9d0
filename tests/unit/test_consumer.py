"""The example of a stack that builds on ours: it asks for outputs that there are, and uses them where they belong."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from pulumi.runtime.mocks import MockResourceArgs

from sandbox.engine import run
from sandbox.stack import load
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import ROOT, outputs, recorded

CONSUMER = ROOT / "examples" / "consumer"


@dataclass
class Referring(Recording):
    """Answers a reference to our stack with its outputs. One that is asked for and is not there fails the run."""

    ours: dict[str, Any] = field(default_factory=dict)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Record one resource, or give the outputs of ours."""
        if args.typ != "pulumi:pulumi:StackReference":
            return super().new_resource(args)
        assert args.inputs["name"] == "organization/holdpoint/dev"
        return args.inputs["name"], {"name": args.inputs["name"], "outputs": self.ours, "secretOutputNames": []}


@pytest.fixture
def ours() -> dict[str, Any]:
    """The outputs of our stack. A run cannot ask for them: one run waits for another for ever."""
    return outputs("dev")


def _run(recording: Recording) -> dict[str, Any]:
    return run(CONSUMER, load(CONSUMER, "dev"), recording)


def test_reminders_come_into_the_queue_from_our_topic_only(ours: dict[str, Any]) -> None:
    seen = Referring(ours=ours)
    exported = _run(seen)
    subscription = seen.one("sns/topicSubscription:TopicSubscription")
    assert subscription["topic"] == ours["reminder_topic_arn"]
    assert subscription["endpoint"].endswith(":reminders")
    (statement,) = json.loads(seen.one("sqs/queuePolicy:QueuePolicy")["policy"])["Statement"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": ours["reminder_topic_arn"]}}
    assert exported["callback_api_endpoint"] == ours["callback_api_endpoint"]


def test_who_submits_orders_may_put_them_on_our_bus_and_do_nothing_else(ours: dict[str, Any]) -> None:
    seen = Referring(ours=ours)
    _run(seen)
    (statement,) = json.loads(seen.one("iam/policy:Policy")["policy"])["Statement"]
    assert statement["Action"] == "events:PutEvents"
    assert statement["Resource"].endswith(f":event-bus/{ours['orders_event_bus_name']}")
    pattern = json.loads(_our_rule()["eventPattern"])
    assert statement["Condition"]["StringEquals"]["events:source"] in pattern["source"]


def _our_rule() -> dict[str, Any]:
    return recorded("dev").one("cloudwatch/eventRule:EventRule", "orders-events-rule")
