"""A hold in a plain workflow, run with the code that decides: what the workflow gets, whenever the decision comes."""

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from asl import hold
from handlers.decisions.approve import decide
from handlers.decisions.resume import Outcome, Resumption
from handlers.executions import Executions
from handlers.stories import Stories
from handlers.story import Callback
from handlers.timestamps import timestamp
from tests.unit.asl.test_hold import CONTINUING, FAILING, NAMES, TABLE, machine
from tests.unit.sandbox.interpreter.conftest import ROLE, Aws, Tasks

Status = Literal["success", "failure"]


@dataclass
class People:
    """The people who decide, through the code behind the callback API."""

    aws: Aws

    @property
    def stories(self) -> Stories:
        return Stories(self.aws.client("dynamodb"), TABLE.name)

    def decide(self, subject: str, status: Status) -> Outcome:
        """Decide on a subject."""
        at = timestamp(datetime.now(UTC))
        callback = Callback(
            jira_story_id=subject, status=status, message=f"my {status}", completed_at=at, decider="Ann"
        )
        resumption = Resumption(stories=self.stories, workflow=Executions(self.aws.states), at=at, sleep=time.sleep)
        return resumption.offer(callback, "sha256:1").outcome

    def are_asked(self, subject: str) -> bool:
        """Return whether a workflow waits for the decision."""
        return any(each.task_token for each in self.stories.of(subject))


@pytest.fixture(scope="module")
def people(aws: Aws) -> People:
    """Return a table of holds, and who decides."""
    keys = {"jiraStoryId": "HASH", "executionName": "RANGE"}
    aws.client("dynamodb").create_table(
        TableName=TABLE.name,
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    return People(aws)


@pytest.fixture(scope="module")
def work(aws: Aws) -> Tasks:
    """The work of a workflow between its registration and its wait; the test ends it."""
    return Tasks(aws)


def _started(aws: Aws, wait: hold.Hold, subject: str, work: Tasks | None = None) -> str:
    definition = machine(wait)
    if work:
        definition["States"][NAMES.register]["Next"] = "Work"
        definition["States"]["Work"] = work.state(Next=NAMES.wait)
    created = aws.states.create_state_machine(name=aws.name(), definition=json.dumps(definition), roleArn=ROLE)
    return aws.start(created["stateMachineArn"], {"subject": subject})


@pytest.mark.parametrize("status", ["success", "failure"])
@pytest.mark.parametrize("wait", [FAILING, CONTINUING], ids=["failing", "continuing"])
def test_a_workflow_that_waits_gets_the_decision(aws: Aws, people: People, wait: hold.Hold, status: Status) -> None:
    subject = f"{wait.rejection[0]}{status}-1"
    execution = _started(aws, wait, subject)
    aws.wait(lambda: people.are_asked(subject))
    assert people.decide(subject, status) is Outcome.RESUMED
    _has_decision(aws, people, execution, subject, status, wait)


@pytest.mark.parametrize("status", ["success", "failure"])
@pytest.mark.parametrize("wait", [FAILING, CONTINUING], ids=["failing", "continuing"])
def test_a_workflow_that_does_not_wait_yet_gets_the_decision(
    aws: Aws, people: People, work: Tasks, wait: hold.Hold, status: Status
) -> None:
    subject = f"{wait.rejection[0]}{status}-2"
    execution = _started(aws, wait, subject, work)
    token = work.token(execution)
    assert people.decide(subject, status) is Outcome.PARKED
    aws.states.send_task_success(taskToken=token, output="{}")
    _has_decision(aws, people, execution, subject, status, wait)


def _has_decision(aws: Aws, people: People, execution: str, subject: str, status: Status, wait: hold.Hold) -> None:
    ended = aws.ended(execution)
    if status == "failure" and wait.rejection == "fail":
        assert (ended["error"], ended["cause"]) == (hold.CALLBACK_FAILURE, "my failure")
    else:
        decision: dict[str, Any] = json.loads(ended["output"])
        assert (decision["status"], decision["message"], decision["jiraStoryId"]) == (status, f"my {status}", subject)
        assert (decision["decider"], decision["channel"]) == ("Ann", "api")
        assert decision["completedAt"]
    assert people.decide(subject, "success") is Outcome.ALREADY_RESUMED
    (item,) = people.stories.of(subject)
    assert (item.task_token, item.callback.status if item.callback else None) == (None, status)


def test_every_execution_that_waits_for_a_subject_gets_the_decision(aws: Aws, people: People) -> None:
    executions = [_started(aws, CONTINUING, "both") for _ in range(2)]
    aws.wait(lambda: [bool(each.task_token) for each in people.stories.of("both")] == [True, True])
    assert people.decide("both", "failure") is Outcome.RESUMED
    assert {json.loads(aws.ended(each)["output"])["status"] for each in executions} == {"failure"}


def test_a_decision_of_nobody_known_has_no_decider(aws: Aws, people: People) -> None:
    execution = _started(aws, CONTINUING, "nobody@example.com")
    aws.wait(lambda: people.are_asked("nobody@example.com"))
    (item,) = people.stories.of("nobody@example.com")
    aws.states.send_task_success(taskToken=item.task_token, output='{"status": "success"}')
    assert json.loads(aws.ended(execution)["output"]) == {
        "status": "success",
        "decider": None,
        "channel": None,
        "identity": None,
    }


ANN, BOB, CY = "ann@example.com", "bob@example.com", "cy@example.com"


def _policy(requester: str) -> hold.Hold:
    policy = hold.Policy(approvers=[ANN, BOB, CY], approvals=2, requester=f"'{requester}'")
    return replace(CONTINUING, policy=policy)


def test_a_policy_takes_as_many_approvals_of_others_than_the_requester(aws: Aws, people: People) -> None:
    execution = _started(aws, _policy(" Cy@example.com"), "policy-1")
    aws.wait(lambda: people.are_asked("policy-1"))
    assert people.decide("policy-1", "success") is Outcome.FORBIDDEN
    for approver, expected in ((CY, Outcome.FORBIDDEN), (ANN, None), (BOB, Outcome.RESUMED)):
        (story,) = people.stories.of("policy-1")
        assert (story.approvers, story.approvals_needed) == (frozenset({ANN, BOB}), 2)
        at = timestamp(datetime.now(UTC))
        callback = Callback(
            jira_story_id="policy-1",
            status="success",
            message="Fine",
            completed_at=at,
            channel="link",
            decider=approver,
            identity="signed-link",
        )
        resumption = Resumption(stories=people.stories, workflow=Executions(aws.states), at=at, sleep=time.sleep)
        verdict = decide(resumption, story, callback, "sha256:2")
        assert (verdict.outcome if verdict else None) is expected
    decision = json.loads(aws.ended(execution)["output"])
    assert (decision["decider"], decision["identity"]) == (f"{ANN}, {BOB}", "signed-link")


def test_a_requester_approves_where_the_policy_says_so(aws: Aws, people: People) -> None:
    policy = hold.Policy(requester="'Ann'", requester_may_approve=True)
    execution = _started(aws, replace(CONTINUING, policy=policy), "policy-3")
    aws.wait(lambda: people.are_asked("policy-3"))
    assert people.decide("policy-3", "success") is Outcome.RESUMED
    assert json.loads(aws.ended(execution)["output"])["decider"] == "Ann"


def test_a_policy_that_nobody_can_meet_fails_at_the_registration(aws: Aws, people: People) -> None:
    impossible = replace(CONTINUING, policy=hold.Policy(approvers=[ANN], requester=f"'{ANN}'"))
    ended = aws.ended(_started(aws, impossible, "policy-2"))
    assert ended["status"] == "FAILED"
    assert "needs 1 approvals of others than the requester" in ended["cause"]
    assert people.stories.of("policy-2") == []
