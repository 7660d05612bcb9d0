"""Rule of policies that deny plain HTTP."""

import pytest

from rules.transport import TLS_ONLY
from tests.unit.policy.asking import told
from tests.unit.policy.test_documents import DENY_PLAIN_HTTP, document

POLICIES = {
    "aws:s3/bucketPolicy:BucketPolicy": "s3:*",
    "aws:sqs/queuePolicy:QueuePolicy": "sqs:*",
    "aws:sns/topicPolicy:TopicPolicy": "sns:Publish",
}
ALLOW = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "x:y", "Resource": "*"}


@pytest.mark.parametrize(("type_", "action"), POLICIES.items())
def test_a_policy_that_denies_plain_http_passes(type_: str, action: str) -> None:
    assert told(TLS_ONLY, type_, {"policy": document(ALLOW, {**DENY_PLAIN_HTTP, "Action": action})}) == []


@pytest.mark.parametrize(("type_", "action"), POLICIES.items())
def test_policy_without_the_denial_is_reported_with_a_fix(type_: str, action: str) -> None:
    (message,) = told(TLS_ONLY, type_, {"policy": document(ALLOW)})
    assert f"denies {action} on the" in message
    assert '{"Bool": {"aws:SecureTransport": "false"}}' in message


@pytest.mark.parametrize(("protocol", "in_plain"), [("https", False), ("email", False), ("http", True)])
def test_a_subscription_over_plain_http_is_reported(protocol: str, in_plain: bool) -> None:
    assert len(told(TLS_ONLY, "aws:sns/topicSubscription:TopicSubscription", {"protocol": protocol})) == in_plain


def test_other_resources_pass() -> None:
    assert told(TLS_ONLY, "aws:iam/rolePolicy:RolePolicy", {"policy": document(ALLOW)}) == []
