"""Callbacks in every order: early, repeated, late, unknown and unauthorized."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.client import Client, document, done, eventually, story
from tests.e2e.control import Control
from tests.e2e.stub_apis import StubApis

DAY_SECONDS = 86_400


def test_rejection_fails_the_release(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    answer = aws.call_back({**done(key, status="rejected", message="Not like this"), "decider": "Ann"})
    assert (answer.code, answer.status) == (200, "resumed")
    ended = run.ended()
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "JiraCallbackFailure", "Not like this")
    error = run.error()
    assert error["error"] == "JiraCallbackFailure"
    assert error["cause"] == "Not like this"
    assert error["state"] == "Await story"
    assert error["jiraStoryId"] == key
    assert (error["callbackStatus"], error["callbackMessage"]) == ("failure", "Not like this")
    assert (error["callbackDecider"], error["callbackChannel"]) == ("Ann", "api")
    assert error["callbackAt"] <= error["occurredAt"]
    assert "Callback decider: Ann" in run.log()
    assert aws.call_back(done(key, status="rejected", message="Not like this")).status == "already-resumed"


def test_duplicate_callback_is_reported_as_such(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    assert aws.call_back(done(key)).status == "resumed"
    for _ in range(2):
        answer = aws.call_back(done(key))
        assert (answer.code, answer.status) == (200, "already-resumed")
    assert run.ended()["status"] == "SUCCEEDED"
    assert aws.call_back(done(key, status="failed")).status == "already-resumed"


def test_twenty_concurrent_callbacks_resume_once(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    token = aws.tokens["callback"]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: aws.call_back(done(key), token=token), range(20)))
    assert {answer.code for answer in answers} == {200}
    assert {answer.status for answer in answers} <= {"resumed", "already-resumed"}
    assert "resumed" in {answer.status for answer in answers}
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.states().count("Write result") == 1


def test_two_executions_on_one_story_both_resume(aws: Client) -> None:
    key = story()
    runs = [aws.start(document(key)) for _ in range(2)]
    for run in runs:
        run.waiting(key)
    answer = aws.call_back(done(key))
    assert (answer.code, answer.status) == (200, "resumed")
    assert sorted(answer.body["executions"]) == sorted(run.name for run in runs)
    assert [run.ended()["status"] for run in runs] == ["SUCCEEDED", "SUCCEEDED"]


def test_webhook_of_5_mb_is_accepted_and_of_7_mb_refused(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)

    def webhook(megabytes: int) -> dict[str, object]:
        fields = {"status": {"name": "Done"}, "description": "x" * megabytes * 1024 * 1024}
        return {"webhookEvent": "jira:issue_updated", "issue": {"key": key, "fields": fields}}

    assert aws.call_back(webhook(7)).code == 413
    assert aws.call_back(webhook(5)).status == "resumed"


def test_unknown_story_returns_404(aws: Client) -> None:
    answer = aws.call_back(done(story()))
    assert answer.code == 404


def test_callback_to_a_stopped_execution_returns_410(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    aws.stepfunctions.stop_execution(executionArn=run.arn, error="Stopped", cause="by a test")
    assert run.ended()["status"] == "ABORTED"
    assert aws.call_back(done(key)).code == 410
    error = run.error()
    assert (error["error"], error["cause"], error["jiraStoryId"]) == ("Stopped", "by a test", key)
    assert error["state"] == "Await story"
    eventually(lambda: "taskToken" not in (run.item(key) or {}) or None, "taking the token away")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"X-Hub-Signature": "sha256=" + "0" * 64},
        {"X-Hub-Signature": "sha256="},
    ],
)
def test_callback_without_proof_returns_401(aws: Client, headers: dict[str, str]) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    answer = aws.call_back(done(key), headers=headers)
    assert (answer.code, answer.status) == (401, "unauthorized")
    assert run.describe()["status"] == "RUNNING"
    assert aws.call_back(done(key)).status == "resumed"


def test_signature_of_another_body_returns_401(aws: Client) -> None:
    answer = aws.call_back(done(story()), headers=aws.sign(b"{}"))
    assert answer.code == 401


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
def test_invalid_body_is_answered_with_reasons(aws: Client, body: object, field: str | None) -> None:
    answer = aws.call_back(body)
    assert answer.code == 400
    assert answer.status == "invalid"
    if field:
        assert field in json.dumps(answer.body["errors"])


def test_rotation_refuses_no_call(aws: Client) -> None:
    before = aws.tokens
    secrets = aws.aws("secretsmanager")
    after = {**before, "callback": "new-" + before["callback"], "callbackSigningKey": "new-key"}
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    assert aws.call_back(done(story())).code == 404  # the function has the tokens from before in memory
    secrets.put_secret_value(SecretId=aws.outputs["secrets_manager_arn"], SecretString=json.dumps(after))
    assert aws.call_back(done(story()), token=after["callback"]).code == 404
    assert aws.call_back(done(story()), token=before["callback"]).code == 404
    assert aws.call_back(done(key), token=after["callback"]).status == "resumed"
    assert aws.call_back(done(key), token="neither").code == 401
    assert run.ended()["status"] == "SUCCEEDED"


def test_callback_after_timeout_returns_410(breakable: Client) -> None:
    key = story()
    run = breakable.start(document(key))
    run.waiting(key)
    Control(breakable).move_clock(DAY_SECONDS)
    ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")
    assert key in ended["cause"]
    for _ in range(2):
        assert breakable.call_back(done(key)).code == 410
    error = run.error()
    assert (error["error"], error["callbackDecider"], error["callbackMessage"]) == ("States.Timeout", None, None)
    item = run.item(key)
    assert item is not None
    assert "taskToken" not in item
    assert item["endReason"]["S"] == "States.Timeout"


class TestEarly:
    """Callbacks that arrive while the APIs are still being called."""

    def test_early_callback_is_parked_and_then_used(self, connected: Client, apis: StubApis) -> None:
        key = story()
        held = apis.hold("deployment", key)
        run = connected.start(document(key))
        run.registered(key)
        answer = connected.call_back(done(key, message="Early"))
        assert (answer.code, answer.status) == (202, "parked")
        again = connected.call_back(done(key, message="Again"))
        assert again.code in {200, 202}
        held.set()
        assert run.ended()["status"] == "SUCCEEDED"
        assert run.result()["callbackMessage"] == "Early"
        assert "Take parked callback" in run.states()
        assert connected.call_back(done(key)).status == "already-resumed"

    def test_parked_rejection_fails_the_release(self, connected: Client, apis: StubApis) -> None:
        key = story()
        held = apis.hold("deployment", key)
        run = connected.start(document(key))
        run.registered(key)
        assert connected.call_back(done(key, status="failed", message="Stop it")).status == "parked"
        held.set()
        ended = run.ended()
        assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "JiraCallbackFailure", "Stop it")
        assert run.error()["error"] == "JiraCallbackFailure"
