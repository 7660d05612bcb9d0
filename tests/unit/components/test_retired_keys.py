"""Retired configuration keys: the error shows their replacement."""

from typing import Any

import pytest

from tests.unit.components.test_api_settings import said


def test_retired_key_fails_with_its_replacement() -> None:
    text = said(validationApiUrl="https://old.example.com", validationApiToken="open-sesame", securityApiUrl="x")
    lines = text.splitlines()
    assert "holdpoint:validationApiUrl, holdpoint:validationApiToken, holdpoint:securityApiUrl" in lines[0]
    start = lines.index("  holdpoint:apis:")
    assert [line[4:] for line in lines[start + 1 : start + 10]] == [
        "- name: validation",
        "  url: <what validationApiUrl was>",
        "- name: deployment",
        "  maxAttempts: 2",
        "  retryIntervalSeconds: 3",
        "- name: notification",
        "  required: false",
        "- name: security",
        "  url: <what securityApiUrl was>",
    ]
    assert "  pulumi config set --secret --path 'apiTokens.validation' <token>" in lines
    assert "  pulumi config rm validationApiToken" in lines
    assert "open-sesame" not in text


@pytest.mark.parametrize("apis", ["validation", [5], [{"url": 1}]])
def test_retired_key_is_reported_besides_an_invalid_list(apis: Any) -> None:
    assert "no longer known: holdpoint:deploymentApiToken" in said(deploymentApiToken="t", apis=apis)
