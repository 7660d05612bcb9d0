"""Masking of secrets in texts."""

import json
from typing import Any

import pytest

from ops.masking import MASK, masked

TOKEN = (
    "AQD+cswfE3xNriQBBHs4rgrYj1htWYy9btHNryTNEhi+0S7BlO48+PWcgkGBWFe+772NIqNd6l9XQeekJlwx03A4vCVbjzyJqPRSznPmYhEUbIKQ"
)


@pytest.mark.parametrize(
    "value",
    [
        {"taskToken": "short"},
        {"TaskToken": "short"},
        {"Task": {"Token": "short"}},
        {"ExpressionAttributeValues": {":token": {"S": "short"}}},
        {"Item": {"taskToken": {"S": "short"}}},
        {"headers": {"authorization": "Bearer short-but-secret"}},
        {"X-Hub-Signature": "sha256=" + "0123456789abcdef" * 4},
        {"password": "short"},
        {"dbPassword": 'a quote " is no end: short'},
        {"x-api-key": "short"},
        {"Authorization": "Basic short"},
        {"callbackSigningKey": "short"},
    ],
)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_token_in_nested_json_is_masked(value: Any, depth: int) -> None:
    text = json.dumps(value)
    for _ in range(depth):
        text = json.dumps({"inside": text})
    shown = masked(text)
    assert "short" not in shown
    assert "0123456789abcdef" not in shown
    assert MASK in shown
    assert isinstance(json.loads(shown), dict)


def test_truncated_secret_is_masked() -> None:
    assert masked('{"a": 1, "password": "short and never en') == '{"a": 1, "password": "' + MASK


def test_fields_around_a_secret_are_kept() -> None:
    assert json.loads(masked('{"a": "b", "token": "short", "c": "d"}')) == {"a": "b", "token": MASK, "c": "d"}


@pytest.mark.parametrize("text", [TOKEN, f"the token {TOKEN} is used", "AAAAKgAAAAIAAAAAAAAAAd" + "b" * 400])
def test_task_token_is_masked_anywhere(text: str) -> None:
    assert TOKEN[:40] not in masked(text)
    assert "bbbb" not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "a bearer of news",
        '{"jiraStoryId": "PROJ-1", "message": "tokens are fine"}',
        "arn:aws:states:us-east-1:123456789012:execution:holdpoint-dev-release:097fe183-c277-4389-a7d4-21bcd6731b8d",
        '{"tokenGeneration": "2"}',
        "sha256:0123456789abcdef",
    ],
)
def test_other_text_is_kept(text: str) -> None:
    assert masked(text) == text
