"""Callers of the callback API: without a proof, with a wrong body, with too much, and during a rotation."""

import json

import pytest

from tests.e2e.client import Client, done, story
from tests.e2e.hold.expenses import waiting

UNPROVEN: tuple[dict[str, str], ...] = (
    {},
    {"Authorization": "Bearer wrong"},
    {"Authorization": "Basic dXNlcjpwYXNz"},
    {"X-Hub-Signature": "sha256=" + "0" * 64},
    {"X-Hub-Signature": "sha256="},
)


def test_callback_without_proof_returns_401(holding: Client) -> None:
    expense = waiting(holding)
    for headers in UNPROVEN:
        answer = holding.call_back(done(expense.subject), headers=headers)
        assert (answer.code, answer.status) == (401, "unauthorized"), headers
    assert expense.run.describe()["status"] == "RUNNING"
    assert holding.call_back(done(expense.subject)).status == "resumed"


def test_signature_of_another_body_returns_401(holding: Client) -> None:
    answer = holding.call_back(done(story()), headers=holding.sign(b"{}"))
    assert answer.code == 401


def test_unknown_subject_returns_404(holding: Client) -> None:
    assert holding.call_back(done(story())).code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", None),
        (b"", None),
        (b"\xff\xfe", None),
        (b"[]", None),
        ({}, "jiraStoryId"),
        ({"jiraStoryId": "PROJ-1"}, "message"),
        ({"jiraStoryId": "../..", "message": "x"}, "jiraStoryId"),
        ({"jiraStoryId": 5, "message": "x"}, "jiraStoryId"),
        ({"jiraStoryId": "PROJ-1", "message": "x", "extra": 1}, "extra"),
    ],
)
def test_invalid_body_is_answered_with_reasons(holding: Client, body: object, field: str | None) -> None:
    answer = holding.call_back(body)
    assert answer.code == 400
    assert answer.status == "invalid"
    if field:
        assert field in json.dumps(answer.body["errors"])


def test_webhook_of_5_mb_is_accepted_and_of_7_mb_refused(holding: Client) -> None:
    expense = waiting(holding)

    def webhook(megabytes: int) -> dict[str, object]:
        fields = {"status": {"name": "Done"}, "description": "x" * megabytes * 1024 * 1024}
        return {"webhookEvent": "jira:issue_updated", "issue": {"key": expense.subject, "fields": fields}}

    assert holding.call_back(webhook(7)).code == 413
    assert holding.call_back(webhook(5)).status == "resumed"


def test_rotation_refuses_no_call(holding: Client) -> None:
    before = holding.tokens
    secrets = holding.aws("secretsmanager")
    after = {**before, "callback": "new-" + before["callback"], "callbackSigningKey": "new-key"}
    expense = waiting(holding)
    assert holding.call_back(done(story())).code == 404  # the function has the tokens from before in memory
    secrets.put_secret_value(SecretId=holding.outputs["secrets_manager_arn"], SecretString=json.dumps(after))
    assert holding.call_back(done(story()), token=after["callback"]).code == 404
    assert holding.call_back(done(story()), token=before["callback"]).code == 404
    assert holding.call_back(done(expense.subject), token=after["callback"]).status == "resumed"
    assert holding.call_back(done(expense.subject), token="neither").code == 401
    assert expense.output()["status"] == "PAID"
