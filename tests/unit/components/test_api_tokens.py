"""The tokens of the APIs in the configuration: one for each API with a URL, never shown in an error."""

from typing import Any

import pytest

from components.settings import Settings
from tests.unit.components.test_api_settings import MOCKED, URL, said
from tests.unit.components.test_settings import configure


def test_api_with_a_url_needs_a_token() -> None:
    text = said(apis=[{"name": "validation", "url": URL}])
    assert "holdpoint:apiTokens.validation is missing" in text
    assert "pulumi config set --secret --path 'apiTokens.validation' <token>" in text


@pytest.mark.parametrize(
    ("name", "way"), [("validatoin", "did you mean apiTokens.validation?"), ("zzz", "(validation, deployment).")]
)
def test_token_of_an_unknown_api_is_refused_without_its_text(name: str, way: str) -> None:
    text = said(apis=MOCKED, apiTokens={name: "open-sesame"})
    assert f"holdpoint:apiTokens.{name} names no API of apis" in text
    assert way in text
    assert f"pulumi config rm --path 'apiTokens.{name}'" in text
    assert "open-sesame" not in text


def test_token_may_have_the_maximum_length_of_a_connection() -> None:
    configure(apiTokens={"validation": "t" * 505})
    assert len(f"Bearer {Settings.load().api_tokens['validation']}") == 512


@pytest.mark.parametrize(
    ("token", "allowed"),
    [
        ("t" * 506, "505 characters at most"),
        ("a:b", "no colon"),
        ("tök", "only ASCII"),
        ("two words", "no blank"),
        ("", "must not be empty"),
        (["open-sesame"], "valid string"),
    ],
)
def test_token_that_a_connection_refuses_is_refused_without_its_text(token: Any, allowed: str) -> None:
    text = said(apiTokens={"validation": token})
    assert f"holdpoint:apiTokens.validation is (not shown): {'' if token else 'must'}" in text
    assert allowed in text
    assert "pulumi config set --secret --path 'apiTokens.validation' <token>" in text
    assert not token or str(token) not in text


def test_tokens_must_be_an_object_and_are_not_shown() -> None:
    text = said(apiTokens="open-sesame")
    assert "holdpoint:apiTokens is (not shown): Input should be a valid dictionary" in text
    assert "pulumi config set --secret --path 'apiTokens.<name>' <token>" in text
    assert "open-sesame" not in text


def test_tokens_are_not_shown_with_the_settings() -> None:
    configure(apiTokens={"validation": "open-sesame"})
    assert "open-sesame" not in repr(Settings.load())
