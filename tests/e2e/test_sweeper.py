"""Recovery after a crash, by the next callback or the sweeper."""

import json
from datetime import timedelta

import pytest

from tests.e2e.client import Client, document, done, story
from tests.e2e.crashes import crash_after_the_write, sweep, wait_again
from tests.e2e.inbox import let_wait_since


def test_next_callback_resumes_after_a_crash(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    crash_after_the_write(run, key)
    answer = aws.call_back(done(key, message="Second"))
    assert answer.code == 200
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["callbackMessage"] == "Kept"


def test_sweeper_resumes_after_a_crash(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    crash_after_the_write(run, key)
    sweep(aws)
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["callbackMessage"] == "Kept"
    assert "taskToken" not in (run.item(key) or {})
    assert aws.call_back(done(key)).status == "already-resumed"


def test_sweeper_sends_a_parked_rejection(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    crash_after_the_write(run, key, "failure")
    sweep(aws)
    ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "JiraCallbackFailure")
    assert "Kept" in run.error()["cause"]


@pytest.mark.parametrize("by_sweeper", [True, False], ids=["sweeper", "callback"])
def test_crash_after_the_resumption_is_only_recorded(aws: Client, by_sweeper: bool) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    token = (run.item(key) or {})["taskToken"]
    crash_after_the_write(run, key)
    output = {"status": "success", "message": "Kept", "jiraStoryId": key, "completedAt": "2026-01-01T00:00:00Z"}
    aws.stepfunctions.send_task_success(taskToken=token["S"], output=json.dumps(output))
    assert run.ended()["status"] == "SUCCEEDED"
    wait_again(run, key, token)
    if by_sweeper:
        sweep(aws)
    else:
        assert aws.call_back(done(key)).status == "already-resumed"
    item = run.item(key) or {}
    assert "resumedAt" in item
    assert "taskToken" not in item


def test_sweeper_closes_waits_of_ended_executions(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    token = (run.item(key) or {})["taskToken"]
    aws.stepfunctions.stop_execution(executionArn=run.arn)
    assert run.error()["error"] == "Aborted"
    wait_again(run, key, token)
    let_wait_since(run, key, timedelta(hours=25))
    sweep(aws)
    item = run.item(key) or {}
    assert "endedAt" in item
    assert "taskToken" not in item
    assert aws.call_back(done(key)).code == 410


def test_sweeper_keeps_waiting_releases(aws: Client) -> None:
    key = story()
    run = aws.start(document(key))
    run.waiting(key)
    sweep(aws)
    assert run.describe()["status"] == "RUNNING"
    assert "taskToken" in (run.item(key) or {})
    assert aws.call_back(done(key)).status == "resumed"
