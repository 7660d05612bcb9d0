"""Jira at the command line: settings, test calls and rotation."""

import json
from pathlib import Path

import pytest

from tests.e2e.client import Client, document, eventually, story
from tests.e2e.operator import Operator


def test_jira_prints_the_settings(operator: Operator) -> None:
    shown = operator.ok("jira").out
    assert operator.client.outputs["callback_api_endpoint"] in shown
    assert "Bearer <the token>" in shown
    assert "Done, Closed, Resolved, Approved" in shown
    told = operator.ok("jira", "--json").json
    assert told["url"] == operator.client.outputs["callback_api_endpoint"]
    assert told["headers"]["Authorization"] == "Bearer <the token>"


def test_secrets_are_shown_with_the_option_only(operator: Operator) -> None:
    tokens = operator.client.tokens
    others = [tokens[name] for name in ("validation", "deployment", "notification")]
    told = operator.run("jira", "--show-secrets", "--json", secrets=others).json
    assert told["headers"]["Authorization"] == f"Bearer {tokens['callback']}"
    assert told["webhook"]["secret"] == tokens["callbackSigningKey"]
    shown = operator.run("jira", "--show-secrets", secrets=others).out
    assert f"Authorization: Bearer {tokens['callback']}" in shown


def test_body_of_the_rule_resumes_a_release(operator: Operator) -> None:
    named = story()
    run = operator.client.start(document(named))
    run.waiting(named)
    rule = operator.ok("jira", "--rule", "--cloud-id", "c1", "--project-id", "10001").json
    (action,) = rule["rules"][0]["components"]
    body: str = action["value"]["customBody"]
    for smart_value, value in (("issue.key", named), ("issue.status.name", "Approved"), ("issue.summary", 'A "b"')):
        body = body.replace(f"{{{{{smart_value}.asJsonString}}}}", json.dumps(value))
    answer = operator.client.call_back(body.encode())
    assert (answer.code, answer.status) == (200, "resumed")
    assert run.ended()["status"] == "SUCCEEDED"


def test_connection_test_succeeds(operator: Operator) -> None:
    assert "address, token and format are right" in operator.ok("jira", "--test").out
    assert operator.ok("jira", "--test", "--json").json["status"] == "ignored"


def test_rotation_refuses_no_call(breakable: Client, tmp_path: Path) -> None:
    operator = Operator.of(breakable, tmp_path)
    before = breakable.tokens
    assert operator.ok("rotate", "callback", "--json").json["rotated"] == ["callback"]
    after = breakable.tokens
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"callback"}
    assert len(after["callback"]) == 48
    for token in (before["callback"], after["callback"]):
        assert breakable.call_back({"jiraStoryId": "NO-1", "message": "x"}, token=token).status == "not-found"
    assert operator.ok("jira", "--test").code == 0

    refused = operator.run("rotate", "signing-key")
    assert refused.code == 2
    assert "The callback from before the last rotation would stop working" in refused.err
    assert breakable.tokens == after

    assert "signing-key" in operator.ok("rotate", "signing-key", "callback", "--yes").out
    assert breakable.tokens["callbackSigningKey"] != after["callbackSigningKey"]

    def is_dead() -> bool | None:
        # The callback function remembers what it read for a few seconds.
        answer = breakable.call_back({"jiraStoryId": "NO-1", "message": "x"}, token=before["callback"])
        return answer.code == 401 or None

    eventually(is_dead, "the end of the first token")
    assert operator.run("callback", "NO-1", "--signed").code == 1  # not found, and so authenticated


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (["validation"], "tokenGeneration"),
        (["callback", "deployment"], "apiTokens.deployment"),
        (["other"], "callback"),
    ],
)
def test_other_tokens_are_not_rotated(operator: Operator, names: list[str], word: str) -> None:
    before = operator.client.tokens
    refused = operator.run("rotate", *names)
    assert refused.code == 2
    assert word in refused.err
    assert operator.client.tokens == before
