"""Event-driven functions: only their rule may call them; undelivered events go to an encrypted queue."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components.event_driven_function import Subscription, SubscriptionArgs, dead_letter_queue
from components.function import Runtime
from components.policies import deny_plain_http
from tests.unit.components.builders import echo
from tests.unit.components.recording import Recording

RULE_ARN = "arn:aws:cloudwatch:us-east-1:123456789012:listener-rule"
QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:listener-dead-letters"


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _subscription(
    runtime: Runtime, pattern: pulumi.Output[Mapping[str, Any]] | None = None, schedule: str | None = None
) -> Subscription:
    function = echo(runtime)
    args = SubscriptionArgs(
        prefix="holdpoint-test",
        description="For tests",
        function=function,
        dead_letters=dead_letter_queue("listener", "holdpoint-test", function, kms_key_arn=None),
        pattern=pattern,
        schedule=schedule,
    )
    return Subscription("listener", args)


@pulumi.runtime.test
def test_event_pattern_is_json(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    pattern: pulumi.Output[Mapping[str, Any]] = pulumi.Output.from_input({"source": ["aws.states"]})

    def check(seen: Recording) -> None:
        rule = seen.one("cloudwatch/eventRule:EventRule")
        assert rule["name"] == "holdpoint-test-listener"
        assert json.loads(rule["eventPattern"]) == {"source": ["aws.states"]}
        assert "scheduleExpression" not in rule

    return recording.settled(_subscription(runtime, pattern=pattern)).apply(check)


@pulumi.runtime.test
def test_only_the_rule_may_call_the_function(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        permission = seen.one("lambda/permission:Permission")
        assert permission["action"] == "lambda:InvokeFunction"
        assert permission["principal"] == "events.amazonaws.com"
        assert permission["sourceArn"] == RULE_ARN
        assert (permission["function"], permission["qualifier"]) == ("holdpoint-test-echo", "live")
        assert seen.one("cloudwatch/eventTarget:EventTarget")["arn"].endswith(":function:holdpoint-test-echo:live")

    return recording.settled(_subscription(runtime, schedule="rate(1 hour)")).apply(check)


@pulumi.runtime.test
def test_undelivered_events_are_kept_encrypted_for_two_weeks(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        queue = seen.one("sqs/queue:Queue")
        assert queue["name"] == "holdpoint-test-listener-dead-letters"
        assert queue["sqsManagedSseEnabled"] is True
        assert queue["messageRetentionSeconds"] == 14 * 24 * 3600
        target = seen.one("cloudwatch/eventTarget:EventTarget")
        assert target["deadLetterConfig"] == {"arn": QUEUE_ARN}
        # What EventBridge takes: 60 s to 24 h, up to 185 tries.
        assert 60 <= target["retryPolicy"]["maximumEventAgeInSeconds"] <= 86_400
        assert 1 <= target["retryPolicy"]["maximumRetryAttempts"] <= 185

    return recording.settled(_subscription(runtime, schedule="rate(1 hour)")).apply(check)


@pulumi.runtime.test
def test_only_the_rule_may_send_to_the_queue(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        policy = seen.one("sqs/queuePolicy:QueuePolicy")
        assert policy["queueUrl"] == "https://sqs.example.com/listener-dead-letters"
        denial, statement = json.loads(policy["policy"])["Statement"]
        assert denial == deny_plain_http(["sqs:*"], [QUEUE_ARN])
        assert statement == {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE_ARN,
            "Condition": {"ArnEquals": {"aws:SourceArn": RULE_ARN}},
        }

    return recording.settled(_subscription(runtime, schedule="rate(1 hour)")).apply(check)


@pulumi.runtime.test
def test_rule_depends_on_queue_and_permission(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.dependencies["listener-target"] >= {"listener-permission", "listener-dead-letters-policy"}

    return recording.settled(_subscription(runtime, schedule="rate(1 hour)")).apply(check)
