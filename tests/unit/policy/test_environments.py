"""Rule of secrets in environment variables; reports never show the value."""

import pytest

from rules.environments import NO_SECRETS_IN_ENVIRONMENT
from tests.unit.policy.asking import UNKNOWN, told

FUNCTION = "aws:lambda/function:Function"


def _told(**variables: str) -> list[str]:
    return told(NO_SECRETS_IN_ENVIRONMENT, FUNCTION, {"environment": {"variables": variables}})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:tokens"),
        ("SECRET", "arn:aws:secretsmanager:us-east-1:123456789012:secret:tokens"),
        ("DB_PASSWORD_PARAMETER", "db-password"),
        ("DB_PASSWORD", "/holdpoint/db-password"),
        ("DB_PASSWORD", "{{resolve:secretsmanager:db}}"),
        ("TOKEN_SECONDS", "300"),
        ("SECRET_ROTATION", "true"),
        ("TOKEN", ""),
        ("API_KEY_ID", "k-1"),
        ("TOKENIZER", "words"),
        ("STORIES_TABLE", "holdpoint-dev-stories"),
        ("JIRA_DONE_STATUSES", '["Done"]'),
        ("API_URL", "https://api.example.com/v1"),
        ("DB_PASSWORD", UNKNOWN),
    ],
)
def test_reference_or_plain_value_passes(name: str, value: str) -> None:
    assert _told(**{name: value}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter22"),
        ("db_password", "hunter22"),
        ("API_TOKEN", "abcdef"),
        ("CLIENT_SECRET", "abcdef"),
        ("APIKEY", "abcdef"),
        ("STRIPE_API_KEY", "abcdef"),
        ("ACCESS", "AKIAIOSFODNN7EXAMPLE"),
        ("CERTIFICATE", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
        ("SESSION", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.sig"),
        ("GIT", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
        ("HEADER", "Bearer abcdefgh12345678"),
        ("DATABASE_URL", "postgres://app:hunter22@db.example.com/app"),
    ],
)
def test_secret_is_reported_without_its_value(name: str, value: str) -> None:
    (message,) = _told(**{name: value})
    assert f"The variable {name} of function 'thing'" in message
    assert value not in message


def test_unknown_value_does_not_hide_others() -> None:
    assert len(_told(FIRST=UNKNOWN, DB_PASSWORD="hunter22", LAST=UNKNOWN)) == 1


def test_a_function_without_variables_passes() -> None:
    assert told(NO_SECRETS_IN_ENVIRONMENT, FUNCTION, {}) == []
    assert told(NO_SECRETS_IN_ENVIRONMENT, "aws:sqs/queue:Queue", {"environment": {"variables": {"TOKEN": "x"}}}) == []
