"""APIs that answer much: what cannot be written down fails a release before people decide on it, and not after."""

from tests.e2e.client import Client, document, done, story
from tests.e2e.stub_apis import StubApis

STATE_HOLDS_BYTES = 262_144
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""


def test_long_message_is_cut_and_complete_in_the_body(connected: Client, apis: StubApis) -> None:
    key, message = story(), "x" * 135_000
    apis.answer("notification", key, (200, {"status": "SUCCESS", "message": message}))
    run = connected.start(document(key))
    run.waiting(key)
    connected.call_back(done(key, message="y" * 30_000))
    assert run.ended()["status"] == "SUCCEEDED"
    result = run.result()
    notification = result["parallelResults"][2]
    assert notification["body"]["message"] == message
    assert 1 < len(notification["message"]) < 10_000
    assert 1 < len(result["callbackMessage"]) < 30_000
    assert (run.item(key) or {})["callback"]["M"]["message"]["S"] == "y" * 30_000


def test_oversized_notification_answer_is_a_warning(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("notification", key, (200, {"status": "SUCCESS", "message": "x" * STATE_HOLDS_BYTES}))
    run = connected.start(document(key))
    run.waiting(key)
    connected.call_back(done(key))
    assert run.ended()["status"] == "SUCCEEDED"
    (warning,) = run.result()["warnings"]
    assert "States.DataLimitExceeded" in warning


def test_oversized_result_fails_before_the_wait(connected: Client, apis: StubApis) -> None:
    key = story()
    for api in ("validation", "deployment"):
        apis.answer(api, key, (200, {"status": "SUCCESS", "details": "x" * 115_000}))
    run = connected.start(document(key))
    ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "ResultTooLarge")
    error = run.error()
    assert (error["state"], error["jiraStoryId"]) == ("Call APIs", key)
    assert "the result holds 219000" in error["cause"]
    assert connected.call_back(done(key)).code == 410
