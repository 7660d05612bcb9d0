"""Decisions in every order: repeated, concurrent, and of executions that share a subject."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.client import Client, done, story
from tests.e2e.hold.expenses import submit, waiting

CALLBACKS, AT_ONCE = 20, 4


def test_small_expense_does_not_wait(holding: Client) -> None:
    expense = submit(holding, 500)
    assert expense.output() == {"expense": expense.subject, "status": "PAID", "decision": None}
    assert expense.run.item(expense.subject) is None


@pytest.mark.parametrize(("status", "ends"), [("success", "PAID"), ("failure", "REJECTED")])
def test_execution_gets_the_decision_and_repetitions_are_reported_as_such(
    holding: Client, status: str, ends: str
) -> None:
    expense = waiting(holding)
    decision = {**done(expense.subject, status=status, message="Seen"), "decider": "Ann"}
    answer = holding.call_back(decision)
    assert (answer.code, answer.status, answer.body["executions"]) == (200, "resumed", [expense.run.name])
    for _ in range(2):
        answer = holding.call_back(decision)
        assert (answer.code, answer.status) == (200, "already-resumed")
    output = expense.output()
    assert output["status"] == ends
    decided = output["decision"]
    assert (decided["decider"], decided["channel"], decided["message"]) == ("Ann", "api", "Seen")
    other = "failed" if status == "success" else "done"
    assert holding.call_back(done(expense.subject, status=other)).status == "already-resumed"
    item = expense.item
    assert item["callback"]["M"]["status"]["S"] == status
    assert "resumedAt" in item
    assert "taskToken" not in item


def test_concurrent_callbacks_resume_once(holding: Client) -> None:
    expense = waiting(holding)
    token = holding.tokens["callback"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: holding.call_back(done(expense.subject), token=token), range(CALLBACKS)))
    assert {answer.code for answer in answers} == {200}
    assert {answer.status for answer in answers} <= {"resumed", "already-resumed"}
    assert "resumed" in {answer.status for answer in answers}
    assert expense.output()["status"] == "PAID"
    assert expense.run.states().count("Pay") == 1


def test_two_executions_on_one_subject_both_resume(holding: Client) -> None:
    subject = story()
    expenses = [waiting(holding, subject=subject) for _ in range(2)]
    answer = holding.call_back(done(subject))
    assert (answer.code, answer.status) == (200, "resumed")
    assert sorted(answer.body["executions"]) == sorted(each.run.name for each in expenses)
    assert [each.output()["status"] for each in expenses] == ["PAID", "PAID"]


def test_decision_on_a_stopped_execution_returns_410(holding: Client) -> None:
    expense = waiting(holding)
    holding.stepfunctions.stop_execution(executionArn=expense.run.arn)
    assert expense.run.ended()["status"] == "ABORTED"
    assert holding.call_back(done(expense.subject)).code == 410


def test_stale_task_token_resumes_nothing(holding: Client) -> None:
    expense = waiting(holding)
    token = expense.task_token
    assert holding.call_back(done(expense.subject)).status == "resumed"
    assert expense.output()["status"] == "PAID"
    states = holding.stepfunctions
    with pytest.raises(states.exceptions.TaskTimedOut):
        states.send_task_failure(taskToken=token, error="Stale", cause="by a test")
    assert expense.run.describe()["status"] == "SUCCEEDED"
