"""Topics: TLS only; alarms of the own stack may publish if allowed."""

import json
from typing import Any

import pulumi
import pytest

from components.topic import SNS_KEY, Topic, TopicArgs
from tests.unit.components.builders import KEY_ARN
from tests.unit.components.recording import Recording

TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:news"

TLS_ONLY = {
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["sns:Publish"],
    "Resource": [TOPIC_ARN],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _topic(**args: Any) -> Topic:
    return Topic("news", TopicArgs(**{"prefix": "holdpoint-test", "kms_key": None, "email": None, **args}))


def _statements(seen: Recording) -> list[dict[str, Any]]:
    policy = seen.one("sns/topicPolicy:TopicPolicy")
    assert policy["arn"] == TOPIC_ARN
    statements: list[dict[str, Any]] = json.loads(policy["policy"])["Statement"]
    return statements


@pulumi.runtime.test
def test_publishing_without_tls_is_denied(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("sns/topic:Topic")["name"] == "holdpoint-test-news"
        assert _statements(seen) == [TLS_ONLY]

    return recording.settled(_topic()).apply(check)


@pulumi.runtime.test
def test_alarms_of_its_own_stack_may_publish(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        tls_only, alarms = _statements(seen)
        assert tls_only == TLS_ONLY
        assert alarms == {
            "Sid": "Alarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": TOPIC_ARN,
            "Condition": {
                "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:holdpoint-test-*"},
                "StringEquals": {"aws:SourceAccount": "123456789012"},
            },
        }

    return recording.settled(_topic(open_to_alarms=True)).apply(check)


@pytest.mark.parametrize("key", [None, SNS_KEY, KEY_ARN])
@pulumi.runtime.test
def test_topic_is_encrypted_with_the_given_key(recording: Recording, key: str | None) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("sns/topic:Topic").get("kmsMasterKeyId") == key

    return recording.settled(_topic(kms_key=key)).apply(check)


@pytest.mark.parametrize("email", [None, "ops@example.com"])
@pulumi.runtime.test
def test_email_address_is_subscribed(recording: Recording, email: str | None) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        subscriptions = [each.inputs for each in seen.all("sns/topicSubscription:TopicSubscription")]
        assert subscriptions == ([{"topic": TOPIC_ARN, "protocol": "email", "endpoint": email}] if email else [])

    return recording.settled(_topic(email=email)).apply(check)
