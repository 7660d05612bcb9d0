"""Releases that the sweeper resumes, rejects and closes. tests/e2e/hold tests the hold."""

from datetime import timedelta

from tests.e2e.client import Client, Run, document, done, story
from tests.e2e.crashes import crash_after_the_write, sweep, wait_again
from tests.e2e.inbox import let_wait_since


def _waiting(aws: Client) -> tuple[str, Run]:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    return key, run


def test_one_sweep_resumes_rejects_and_closes_releases(aws: Client) -> None:
    (approved, resumed), (refused, rejected), (ended, stopped) = (_waiting(aws) for _ in range(3))
    crash_after_the_write(resumed, approved)
    crash_after_the_write(rejected, refused, "failure")
    token = (stopped.item(ended) or {})["taskToken"]
    aws.stepfunctions.stop_execution(executionArn=stopped.arn)
    assert stopped.error()["error"] == "Aborted"
    wait_again(stopped, ended, token)
    let_wait_since(stopped, ended, timedelta(hours=25))

    sweep(aws)

    assert resumed.ended()["status"] == "SUCCEEDED"
    assert resumed.result()["callbackMessage"] == "Kept"
    assert "taskToken" not in (resumed.item(approved) or {})
    assert aws.call_back(done(approved)).status == "already-resumed"
    failed = rejected.ended()
    assert (failed["status"], failed["error"]) == ("FAILED", "JiraCallbackFailure")
    assert "Kept" in rejected.error()["cause"]
    item = stopped.item(ended) or {}
    assert "endedAt" in item
    assert "taskToken" not in item
    assert aws.call_back(done(ended)).code == 410
