"""Results of a release by its decision: rejected, stopped, timed out, decided early. tests/e2e/hold tests the hold."""

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


def test_timeout_leaves_its_reason(breakable: Client) -> None:
    key = story()
    run = breakable.start(document(key))
    run.waiting(key)
    Control(breakable).move_clock(DAY_SECONDS)
    ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")
    assert key in ended["cause"]
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
