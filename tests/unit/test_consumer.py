"""The example of a stack that uses our outputs."""

import json
from typing import Any

import pytest

from tests.unit.components.recording import Recording, actions
from tests.unit.consumer import consumer
from tests.unit.recorded_program import outputs, recorded


@pytest.fixture
def ours() -> dict[str, Any]:
    """Return the outputs of our stack, before the example runs: nested runs would wait for each other for ever."""
    return outputs("dev")


@pytest.fixture
def seen(ours: dict[str, Any]) -> Recording:
    return consumer(ours)[0]


def test_queue_accepts_reminders_from_our_topic_only(ours: dict[str, Any]) -> None:
    seen, exported = consumer(ours)
    subscription = seen.one("sns/topicSubscription:TopicSubscription")
    assert subscription["topic"] == ours["reminder_topic_arn"]
    assert subscription["endpoint"].endswith(":reminders")
    (statement,) = json.loads(seen.one("sqs/queuePolicy:QueuePolicy")["policy"])["Statement"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": ours["reminder_topic_arn"]}}
    assert exported["callback_api_endpoint"] == ours["callback_api_endpoint"]


def test_order_submitter_may_only_put_events_on_our_bus(ours: dict[str, Any], seen: Recording) -> None:
    (statement,) = json.loads(seen.one("iam/policy:Policy")["policy"])["Statement"]
    assert statement["Action"] == "events:PutEvents"
    assert statement["Resource"].endswith(f":event-bus/{ours['orders_event_bus_name']}")
    pattern = json.loads(_our_rule()["eventPattern"])
    assert statement["Condition"]["StringEquals"]["events:source"] in pattern["source"]


def test_releaser_may_start_releases_and_call_back(ours: dict[str, Any], seen: Recording) -> None:
    assert actions(seen.statements("start-releases")) == {
        "states:StartExecution": [ours["state_machine_arn"]],
        "s3:PutObject": [f"{ours['s3_bucket_arn']}/inputs/*"],
    }
    assert actions(seen.statements("call-back")) == {"secretsmanager:GetSecretValue": [ours["secrets_manager_arn"]]}
    grants = seen.all("iam/rolePolicy:RolePolicy")
    assert {grant.inputs["role"] for grant in grants} == {seen.one("iam/role:Role")["name"]}


def _our_rule() -> dict[str, Any]:
    return recorded("dev").one("cloudwatch/eventRule:EventRule", "orders-events-rule")
