"""Policy documents: JSON with resolved resources; only named statements may lack a resource."""

import json

import pulumi
import pytest

from asl.states import read_with_key, write_with_key
from components import policies
from tests.unit.components.builders import KEY_ARN, known
from tests.unit.components.recording import Recording


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Provide a runtime for outputs."""


@pulumi.runtime.test
def test_document_resolves_outputs() -> pulumi.Output[None]:
    def check(text: str) -> None:
        assert json.loads(text) == {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:a", "arn:b"]}],
        }

    return policies.document([policies.allow(["s3:GetObject"], ["arn:a", known("arn:b")])]).apply(check)


@pulumi.runtime.test
def test_document_accepts_unknown_statements() -> pulumi.Output[None]:
    later = known("arn:a").apply(lambda arn: [policies.allow(["s3:GetObject"], [arn])])

    def check(text: str) -> None:
        assert json.loads(text)["Statement"][0]["Resource"] == ["arn:a"]

    return policies.document(later).apply(check)


def test_trust_policy_names_one_service() -> None:
    (statement,) = json.loads(policies.trust("lambda.amazonaws.com"))["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }


@pulumi.runtime.test
def test_trust_policy_limits_source_and_account() -> pulumi.Output[None]:
    arn = "arn:aws:events:us-east-1:123456789012:rule/bus/orders"

    def check(text: str) -> None:
        (statement,) = json.loads(text)["Statement"]
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert statement["Condition"] == {
            "ArnLike": {"aws:SourceArn": arn},
            "StringEquals": {"aws:SourceAccount": "123456789012"},
        }

    return policies.trust_for("events.amazonaws.com", known(arn)).apply(check)


def test_plain_http_is_denied() -> None:
    assert policies.deny_plain_http(["sqs:*"], ["arn:a"]) == {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["sqs:*"],
        "Resource": ["arn:a"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_key_statements_only_with_a_key() -> None:
    assert write_with_key(None, "s3") == read_with_key(None, "s3") == []
    (writing,) = write_with_key(KEY_ARN, "s3", "sns")
    assert writing == {
        **policies.allow(["kms:Decrypt", "kms:GenerateDataKey"], [KEY_ARN]),
        "Condition": {"StringLike": {"kms:ViaService": ["s3.*.amazonaws.com", "sns.*.amazonaws.com"]}},
    }
    (reading,) = read_with_key(KEY_ARN, "s3")
    assert reading["Action"] == ["kms:Decrypt"]
    assert reading["Condition"] == {"StringLike": {"kms:ViaService": ["s3.*.amazonaws.com"]}}


def test_log_delivery_permissions_are_those_that_aws_documents() -> None:
    # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
    assert set(policies.DELIVER_LOGS["Action"]) == {
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    }
