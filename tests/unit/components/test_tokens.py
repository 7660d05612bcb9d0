"""The secret with every token; tokens appear in secret inputs only."""

import json
import re
from typing import Any

import pulumi
import pytest

from components.tokens import Tokens, TokensArgs
from tests.unit.components.builders import KEY_ARN
from tests.unit.components.recording import Recording

KEYS = ("validation", "deployment", "notification", "callback", "callbackSigningKey")


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _tokens(
    *, generation: int = 1, kms_key_arn: str | None = None, protect: bool = False, validation: str = ""
) -> Tokens:
    given = {"validation": validation, "deployment": "", "notification": ""}
    args = TokensArgs(
        prefix="holdpoint-test", generation=generation, kms_key_arn=kms_key_arn, protect=protect, given=given
    )
    return Tokens("tokens", args)


@pulumi.runtime.test
def test_the_secret_holds_every_token(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("secretsmanager/secret:Secret")["name"] == "holdpoint-test-tokens-credentials"
        version = seen.one("secretsmanager/secretVersion:SecretVersion")
        assert json.loads(version["secretString"]) == {key: f"random-tokens-{key}" for key in KEYS}

    return recording.settled(_tokens()).apply(check)


@pulumi.runtime.test
def test_name_of_the_secret_cannot_be_mistaken_for_an_arn_suffix(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        name = seen.one("secretsmanager/secret:Secret")["name"]
        # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
        assert not re.search(r"-.{6}$", name)
        assert re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", name)

    return recording.settled(_tokens()).apply(check)


@pulumi.runtime.test
def test_given_token_replaces_the_random_one(recording: Recording) -> pulumi.Output[None]:
    tokens = _tokens(validation="given-by-them")

    def check(known: list[Any]) -> None:
        seen, validation = known
        version = json.loads(seen.one("secretsmanager/secretVersion:SecretVersion")["secretString"])
        assert version["validation"] == validation == "given-by-them"
        assert version["deployment"] == "random-tokens-deployment"
        assert all("given-by-them" not in resource.public for resource in seen.resources)

    return pulumi.Output.all(recording.settled(tokens), tokens.apis["validation"]).apply(check)


@pytest.mark.parametrize("given", ["", "given-by-them"])
@pulumi.runtime.test
def test_token_is_a_secret_in_every_input(recording: Recording, given: str) -> pulumi.Output[None]:
    tokens = _tokens(validation=given)

    async def check(seen: Recording) -> None:
        for token in tokens.apis.values():
            assert await token.is_secret()
        assert all("random-tokens" not in resource.public for resource in seen.resources)

    return recording.settled(tokens).apply(check)


@pulumi.runtime.test
def test_tokens_are_long_and_fit_into_a_header(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        made = [each for each in seen.resources if each.type == "random:index/randomPassword:RandomPassword"]
        assert {each.name for each in made} == {f"tokens-{key}" for key in KEYS}
        for each in made:
            assert each.inputs["length"] >= 32
            assert each.inputs["special"] is False
            assert each.inputs["keepers"] == {"generation": "7"}

    return recording.settled(_tokens(generation=7)).apply(check)


@pulumi.runtime.test
def test_protected_secret_can_be_restored(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        secret = seen.one("secretsmanager/secret:Secret")
        assert secret["recoveryWindowInDays"] == 30
        assert secret["kmsKeyId"] == KEY_ARN

    return recording.settled(_tokens(kms_key_arn=KEY_ARN, protect=True)).apply(check)


@pulumi.runtime.test
def test_an_unprotected_secret_frees_its_name(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        secret = seen.one("secretsmanager/secret:Secret")
        assert secret["recoveryWindowInDays"] == 0
        assert "kmsKeyId" not in secret

    return recording.settled(_tokens()).apply(check)


@pytest.mark.parametrize("protect", [True, False])
@pulumi.runtime.test
def test_pulumi_refuses_to_delete_a_protected_secret_and_never_deletes_a_version(
    recording: Recording, protect: bool
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        # Not the passwords: a protected one could not be replaced, and no token rotated.
        assert seen.protected == ({"tokens-secret"} if protect else set())
        assert seen.retained == {"tokens-secret-version"}

    return recording.settled(_tokens(protect=protect)).apply(check)


@pulumi.runtime.test
def test_secret_is_updated_before_the_connections(recording: Recording) -> pulumi.Output[None]:
    tokens = _tokens()

    async def check(_: Recording) -> None:
        for token in tokens.apis.values():
            needed = {resource._name for resource in await token.resources()}
            assert "tokens-secret-version" in needed

    return recording.settled(tokens).apply(check)
