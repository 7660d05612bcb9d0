"""Rotation of tokens: the new version of the secret."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from ops.aws import tokens
from ops.aws.target import Target
from ops.commands import rotate
from ops.errors import UsageError

TOKENS = {
    "validation": "v",
    "deployment": "d",
    "notification": "n",
    "callback": "old",
    "callbackSigningKey": "key",
    "approvalLinkKey": "old-link-key",
}


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


def test_new_link_key_revokes_links_and_touches_no_token(target: Target) -> None:
    rotation = rotate.rotate_tokens(target, ["link-key"], is_confirmed=False)
    now = tokens.current(target)
    assert now["approvalLinkKey"] not in ("", "old-link-key")
    assert {**now, "approvalLinkKey": "old-link-key"} == TOKENS
    assert "Every approval link ends within five seconds" in rotation.next_steps()
    assert "Jira" not in rotation.next_steps()
    # Links of the key before are refused already, so a second rotation needs no consent.
    rotate.rotate_tokens(target, ["link-key"], is_confirmed=False)


def test_new_link_key_ends_no_callback_token_unasked(target: Target) -> None:
    rotate.rotate_tokens(target, ["callback"], is_confirmed=False)
    with pytest.raises(UsageError, match="The callback from before the last rotation would stop working"):
        rotate.rotate_tokens(target, ["link-key"], is_confirmed=False)


def test_stack_without_an_approval_page_has_no_link_key(target: Target) -> None:
    without = json.dumps({**TOKENS, "approvalLinkKey": ""})
    target.client("secretsmanager").put_secret_value(SecretId="tokens", SecretString=without)
    with pytest.raises(UsageError, match="This stack has no approval page"):
        rotate.rotate_tokens(target, ["link-key"], is_confirmed=True)


@pytest.mark.parametrize("field", ["approvalLinkKey", "callbackSigningKey"])
def test_field_of_the_secret_is_no_name_of_a_token(target: Target, field: str) -> None:
    with pytest.raises(UsageError, match=f"There is no token {field}"):
        rotate.rotate_tokens(target, [field], is_confirmed=True)
