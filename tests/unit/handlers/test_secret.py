"""The secret, its rotation and its cache."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.aws import client
from handlers.secret import CACHE_SECONDS, Secret
from tests.unit.handlers.conftest import TOKENS


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret(cloud: None, clock: Clock) -> Secret:  # noqa: ARG001 - the secret is in it
    return Secret(client("secretsmanager"), "tokens", clock=clock)


def rotate(value: str) -> None:
    client("secretsmanager").put_secret_value(SecretId="tokens", SecretString=json.dumps({**TOKENS, "callback": value}))


def accepts(secret: Secret, token: str) -> bool:
    return secret.accepts("callback", lambda expected: expected == token.encode())


def test_a_secret_that_was_never_rotated_is_read(secret: Secret) -> None:
    assert accepts(secret, "callback-token-1")
    assert not accepts(secret, "another")


def test_rotation_refuses_no_call(secret: Secret) -> None:
    assert accepts(secret, "callback-token-1")
    rotate("callback-token-2")
    assert accepts(secret, "callback-token-1")
    assert accepts(secret, "callback-token-2")
    assert accepts(secret, "callback-token-1")


def test_retired_token_is_refused_after_the_cache_time(secret: Secret, clock: Clock) -> None:
    assert accepts(secret, "callback-token-1")
    rotate("callback-token-2")
    rotate("callback-token-3")
    clock.now = CACHE_SECONDS
    assert not accepts(secret, "callback-token-1")


def test_match_within_the_cache_time_reads_nothing(secret: Secret) -> None:
    assert accepts(secret, "callback-token-1")
    client("secretsmanager").delete_secret(SecretId="tokens", ForceDeleteWithoutRecovery=True)
    assert accepts(secret, "callback-token-1")
    with pytest.raises(ClientError):
        accepts(secret, "callback-token-2")


def test_empty_token_is_refused(secret: Secret) -> None:
    rotate("")
    rotate("")
    assert not accepts(secret, "")


@pytest.mark.parametrize(
    "value", [{"SecretString": "plain-secret"}, {"SecretBinary": b"plain-secret"}], ids=["text", "binary"]
)
def test_invalid_secret_is_named_and_not_shown(secret: Secret, value: dict[str, Any]) -> None:
    client("secretsmanager").put_secret_value(SecretId="tokens", **value)
    with pytest.raises(ValueError, match="not a JSON object") as refused:
        accepts(secret, "plain-secret")
    assert "plain-secret" not in str(refused.value)
