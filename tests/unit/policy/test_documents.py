"""Policy documents in every form that IAM accepts."""

import json
from typing import Any

import pytest

from rules.documents import actions, allowing, conditions, denies_plain_http, is_for_everyone, principals, statements

DENY_PLAIN_HTTP = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::files", "arn:aws:s3:::files/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def document(*given: dict[str, Any]) -> str:
    """Return a policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(given)})


def test_single_statement_and_list_are_parsed() -> None:
    one = {"Effect": "Allow", "Action": "s3:GetObject"}
    assert statements(json.dumps({"Statement": one})) == [one]
    assert statements(document(one, DENY_PLAIN_HTTP)) == [one, DENY_PLAIN_HTTP]
    assert allowing(document(one, DENY_PLAIN_HTTP)) == [one]
    assert actions(one) == ["s3:GetObject"]


@pytest.mark.parametrize("text", [None, "", "no JSON", "{}"])
def test_invalid_document_has_no_statements(text: str | None) -> None:
    assert statements(text) == []


@pytest.mark.parametrize(
    ("principal", "everyone"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ["arn:aws:iam::123456789012:root", "*"]}, True),
        ({"AWS": "arn:aws:iam::123456789012:root"}, False),
        ({"Service": "events.amazonaws.com"}, False),
    ],
    ids=str,
)
def test_public_principals_are_recognised(principal: Any, everyone: bool) -> None:
    assert is_for_everyone({"Principal": principal}) is everyone


def test_principals_and_conditions_are_flat() -> None:
    statement = {
        "Principal": {"Service": ["a.amazonaws.com", "b.amazonaws.com"]},
        "Condition": {"ArnEquals": {"AWS:SourceArn": ["x", "y"]}, "Bool": {"aws:SecureTransport": False}},
    }
    assert principals(statement) == [("Service", "a.amazonaws.com"), ("Service", "b.amazonaws.com")]
    assert list(conditions(statement)) == [
        ("ArnEquals", "aws:sourcearn", ["x", "y"]),
        ("Bool", "aws:securetransport", ["False"]),
    ]


@pytest.mark.parametrize(
    "change",
    [{}, {"Principal": {"AWS": "*"}}, {"Action": "*"}, {"Condition": {"bool": {"AWS:securetransport": False}}}],
    ids=str,
)
def test_plain_http_is_denied(change: dict[str, Any]) -> None:
    assert denies_plain_http(document({**DENY_PLAIN_HTTP, **change}), "s3")


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Action": "s3:GetObject"},
        {"Resource": "arn:aws:s3:::files/*"},
        {"Resource": "arn:aws:s3:::files"},
        {"Condition": {}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}},
    ],
    ids=str,
)
def test_incomplete_denial_of_plain_http_is_recognised(change: dict[str, Any]) -> None:
    assert not denies_plain_http(document({**DENY_PLAIN_HTTP, **change}), "s3")


def test_denial_must_cover_the_actions_of_the_service() -> None:
    for service, action in (("sqs", "sqs:*"), ("sns", "sns:Publish")):
        denial = {**DENY_PLAIN_HTTP, "Action": action, "Resource": "arn"}
        assert denies_plain_http(document(denial), service)
        assert not denies_plain_http(document(denial), "s3")
