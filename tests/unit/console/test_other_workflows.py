"""The console on a stack of other workflows: listed by their kinds, decided at their holds, and nothing else needed."""

import json
from typing import Any

import pytest
from werkzeug.test import Client

from ops.history import timeline
from ops.report import record
from tests.unit.console.conftest import HERE, MACHINE, StepFunctions
from tests.unit.ops.history.histories import Writer


@pytest.fixture
def outputs() -> dict[str, Any]:
    """Return a stack of one workflow, without a bucket, a bus or a hold."""
    return {"workflows": [{"name": "shop-release", "arn": MACHINE, "kind": "expenses"}]}


def _ask(console: Client, path: str) -> Any:
    answer = console.get(f"/_holdpoint/api/{path}", base_url=HERE)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_workflow_is_called_by_its_kind(console: Client, stepfunctions: StepFunctions) -> None:
    stepfunctions.add("one")
    stack = _ask(console, "stack")
    assert stack["workflows"] == [{"machine": "shop-release", "label": "expenses"}]
    assert (stack["isKnown"], stack["waiting"], stack["examples"]) == (True, 0, {})
    assert [each["workflow"] for each in _ask(console, "executions?q=one")["executions"]] == ["expenses"]
    assert _ask(console, "waiting") == {"waits": [], "total": 0}


def _waiting(**shown: str) -> Writer:
    """Return the history of an execution that waits at a hold."""
    item = {"jiraStoryId": "expense-42", "executionArn": "arn:x", **shown}
    writer = Writer()
    writer.enter("Register approval")
    writer.add(
        "TaskScheduled",
        {
            "resourceType": "aws-sdk:dynamodb",
            "resource": "putItem",
            "parameters": json.dumps({"Item": {name: {"S": text} for name, text in item.items()}}),
        },
    )
    writer.add("TaskSucceeded", {})
    writer.leave("Register approval")
    writer.enter("Await approval")
    writer.task(service="aws-sdk:dynamodb", resource="updateItem.waitForTaskToken")
    writer.add("TaskSubmitted", {"resource": "updateItem.waitForTaskToken"})
    return writer


def _record(writer: Writer) -> record.Record:
    described = {"executionArn": f"{MACHINE}:x", "status": "RUNNING", "startDate": writer.events[0]["timestamp"]}
    return record.of(described, {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, writer.events)


def test_record_has_the_decision_to_make() -> None:
    found = _record(_waiting(title="Pay 700", details="For books"))
    assert found["hold"] == {"subject": "expense-42", "title": "Pay 700", "details": "For books", "approvers": []}
    assert found["subject"] == {"kind": "subject", "id": "expense-42"}


def test_a_record_names_the_approvers() -> None:
    writer = _waiting()
    item = {
        "jiraStoryId": {"S": "expense-42"},
        "executionArn": {"S": "arn:x"},
        "approvers": {"Ss": ["ann@example.com"]},
    }
    writer.events[1]["taskScheduledEventDetails"]["parameters"] = json.dumps({"Item": item})
    found = _record(writer)
    assert found["hold"]
    assert found["hold"]["approvers"] == ["ann@example.com"]


def test_a_record_says_nothing_is_to_be_decided_once_it_is() -> None:
    writer = _waiting()
    writer.add("TaskSucceeded", {})
    writer.leave("Await approval")
    found = _record(writer)
    assert (found["hold"], found["subject"]) == (None, {"kind": "subject", "id": "expense-42"})


@pytest.mark.parametrize(
    "parameters", ["", "{", "[]", '{"Item": 7}', '{"Item": {"jiraStoryId": "x"}}', '{"Item": {"orderId": {"S": "1"}}}']
)
def test_item_of_another_table_is_not_a_hold(parameters: str) -> None:
    writer = _waiting()
    writer.events[1]["taskScheduledEventDetails"]["parameters"] = parameters
    found = _record(writer)
    assert (found["hold"], found["subject"]) == (None, None)
    assert timeline.read(writer.events).waiting is not None
