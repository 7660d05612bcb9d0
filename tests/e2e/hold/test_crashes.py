"""Recovery after a crash, by the next decision or the sweeper."""

import json
from datetime import timedelta

import pytest

from tests.e2e.client import Client, done
from tests.e2e.crashes import crash_after_the_write, sweep, wait_again
from tests.e2e.hold.expenses import LIMIT_SECONDS, waiting
from tests.e2e.inbox import let_wait_since


def test_next_callback_resumes_after_a_crash(holding: Client) -> None:
    expense = waiting(holding)
    crash_after_the_write(expense.run, expense.subject)
    answer = holding.call_back(done(expense.subject, message="Second"))
    assert answer.code == 200
    assert expense.output()["decision"]["message"] == "Kept"


def test_sweep_resumes_decided_waits_and_keeps_the_others(holding: Client) -> None:
    approved, rejected, undecided = (waiting(holding) for _ in range(3))
    crash_after_the_write(approved.run, approved.subject)
    crash_after_the_write(rejected.run, rejected.subject, "failure")
    sweep(holding)
    for expense, ends in ((approved, "PAID"), (rejected, "REJECTED")):
        output = expense.output()
        assert (output["status"], output["decision"]["message"]) == (ends, "Kept")
        assert "taskToken" not in expense.item
        assert holding.call_back(done(expense.subject)).status == "already-resumed"
    assert undecided.run.describe()["status"] == "RUNNING"
    assert "taskToken" in undecided.item
    assert holding.call_back(done(undecided.subject)).status == "resumed"


@pytest.mark.parametrize("by_sweeper", [True, False], ids=["sweeper", "callback"])
def test_crash_after_the_resumption_is_only_recorded(holding: Client, by_sweeper: bool) -> None:
    expense = waiting(holding)
    token = {"S": expense.task_token}
    crash_after_the_write(expense.run, expense.subject)
    output = {
        "status": "success",
        "message": "Kept",
        "jiraStoryId": expense.subject,
        "completedAt": "2026-01-01T00:00:00Z",
    }
    holding.stepfunctions.send_task_success(taskToken=token["S"], output=json.dumps(output))
    assert expense.output()["status"] == "PAID"
    wait_again(expense.run, expense.subject, token)
    if by_sweeper:
        sweep(holding)
    else:
        assert holding.call_back(done(expense.subject)).status == "already-resumed"
    item = expense.item
    assert "resumedAt" in item
    assert "taskToken" not in item


def test_sweeper_closes_waits_of_ended_executions(holding: Client) -> None:
    expense = waiting(holding)
    token = {"S": expense.task_token}
    holding.stepfunctions.stop_execution(executionArn=expense.run.arn)
    assert expense.run.ended()["status"] == "ABORTED"
    wait_again(expense.run, expense.subject, token)
    let_wait_since(expense.run, expense.subject, timedelta(seconds=LIMIT_SECONDS, hours=1))
    sweep(holding)
    item = expense.item
    assert "endedAt" in item
    assert "taskToken" not in item
    assert holding.call_back(done(expense.subject)).code == 410
