"""Policy documents are JSON with resolved resources, and only the named statements have no resource of their own."""

import json

import pulumi
import pytest

from asl.states import read_with_key, write_with_key
from components import policies
from tests.unit.components.builders import KEY_ARN, known
from tests.unit.components.recording import Recording


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Outputs need a runtime."""


@pulumi.runtime.test
def test_a_document_resolves_its_outputs() -> pulumi.Output[None]:
    def check(text: str) -> None:
        assert json.loads(text) == {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:a", "arn:b"]}],
        }

    return policies.document([policies.allow(["s3:GetObject"], ["arn:a", known("arn:b")])]).apply(check)


@pulumi.runtime.test
def test_a_document_takes_statements_that_are_not_known_yet() -> pulumi.Output[None]:
    later = known("arn:a").apply(lambda arn: [policies.allow(["s3:GetObject"], [arn])])

    def check(text: str) -> None:
        assert json.loads(text)["Statement"][0]["Resource"] == ["arn:a"]

    return policies.document(later).apply(check)


def test_trusts_one_service() -> None:
    (statement,) = json.loads(policies.trust("lambda.amazonaws.com"))["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }


@pulumi.runtime.test
def test_trusts_a_service_for_one_source_of_one_account() -> pulumi.Output[None]:
    arn = "arn:aws:events:us-east-1:123456789012:rule/bus/orders"

    def check(text: str) -> None:
        (statement,) = json.loads(text)["Statement"]
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert statement["Condition"] == {
            "ArnLike": {"aws:SourceArn": arn},
            "StringEquals": {"aws:SourceAccount": "123456789012"},
        }

    return policies.trust_for("events.amazonaws.com", known(arn)).apply(check)


def test_plain_http_is_denied_to_everyone() -> None:
    assert policies.deny_plain_http(["sqs:*"], ["arn:a"]) == {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["sqs:*"],
        "Resource": ["arn:a"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_a_key_is_used_only_where_there_is_one() -> None:
    assert write_with_key(None, "s3") == read_with_key(None, "s3") == []
    (writing,) = write_with_key(KEY_ARN, "s3", "sns")
    assert writing == {
        **policies.allow(["kms:Decrypt", "kms:GenerateDataKey"], [KEY_ARN]),
        "Condition": {"StringLike": {"kms:ViaService": ["s3.*.amazonaws.com", "sns.*.amazonaws.com"]}},
    }
    (reading,) = read_with_key(KEY_ARN, "s3")
    assert reading["Action"] == ["kms:Decrypt"]
    assert reading["Condition"] == {"StringLike": {"kms:ViaService": ["s3.*.amazonaws.com"]}}


def test_step_functions_may_deliver_logs_as_aws_documents_it() -> None:
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
