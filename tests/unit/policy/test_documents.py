"""Policy documents are read in every form that IAM takes."""

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
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(given)})


def test_one_statement_and_many_are_read() -> None:
    one = {"Effect": "Allow", "Action": "s3:GetObject"}
    assert statements(json.dumps({"Statement": one})) == [one]
    assert statements(document(one, DENY_PLAIN_HTTP)) == [one, DENY_PLAIN_HTTP]
    assert allowing(document(one, DENY_PLAIN_HTTP)) == [one]
    assert actions(one) == ["s3:GetObject"]


@pytest.mark.parametrize("text", [None, "", "no JSON", "{}"])
def test_what_is_no_document_has_no_statements(text: str | None) -> None:
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
def test_a_principal_is_everyone_or_somebody(principal: Any, everyone: bool) -> None:
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
def test_a_gap_in_the_denial_is_seen(change: dict[str, Any]) -> None:
    assert not denies_plain_http(document({**DENY_PLAIN_HTTP, **change}), "s3")


def test_each_service_has_its_own_everything() -> None:
    for service, action in (("sqs", "sqs:*"), ("sns", "sns:Publish")):
        denial = {**DENY_PLAIN_HTTP, "Action": action, "Resource": "arn"}
        assert denies_plain_http(document(denial), service)
        assert not denies_plain_http(document(denial), "s3")
