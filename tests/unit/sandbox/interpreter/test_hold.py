"""A hold in a plain workflow, run with the code that decides: what the workflow gets, whenever the decision comes."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from asl import hold
from handlers.callback.resume import Outcome, Resumption
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
    """What a workflow does between its registration and its wait; the test says when it is done."""
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
