"""Rotation of tokens: the new version of the secret."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from ops.aws import tokens
from ops.aws.target import Target
from ops.commands import rotate

TOKENS = {"validation": "v", "deployment": "d", "notification": "n", "callback": "old", "callbackSigningKey": "key"}


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="us-east-1")
        arn = client.create_secret(Name="tokens", SecretString=json.dumps(TOKENS))["ARN"]
        yield Target(origin="x", outputs={"secrets_manager_arn": arn}, _clients={"secretsmanager": client})


@pytest.mark.parametrize("ends_old", [False, True])
def test_previous_token_stays_valid_until_the_next_rotation(target: Target, ends_old: bool) -> None:
    rotation = rotate.rotate_tokens(target, ["callback"], is_confirmed=False, ends_old=ends_old)
    now, before = tokens.current(target), tokens.version(target, tokens.PREVIOUS)
    assert before
    assert now["callback"] != "old"
    assert before["callback"] == (now["callback"] if ends_old else "old")
    assert {**now, "callback": "old"} == TOKENS
    assert ("within five seconds" in rotation.next_steps()) == ends_old
