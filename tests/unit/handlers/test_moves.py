"""Stories that were moved to another project: callbacks resume releases that wait under the old key."""

import json

from handlers.aws import client
from tests.unit.handlers.conftest import TABLE, event, get_item, put_item, put_waiting
from tests.unit.handlers.test_receive import OWN, Call, call, workflow

__all__ = ["call", "workflow"]


def _moved(status: str, *, changed: bool = True) -> str:
    document = event("jira_issue_moved")
    document["issue"]["fields"]["status"]["name"] = status
    if not changed:
        del document["changelog"]
    return json.dumps(document)


def test_moved_story_resumes_the_release_of_its_old_key(call: Call) -> None:
    put_waiting("PROJ-1")
    answer = call(_moved("Done"))["json"]
    assert (answer["status"], answer["jiraStoryId"], answer["executions"]) == ("resumed", "NEWP-9", ["run-1"])
    assert get_item("PROJ-1")["callback"]["jiraStoryId"] == {"S": "NEWP-9"}
    assert call(_moved("Done", changed=False))["json"]["status"] == "already-resumed"
    assert call(OWN)["json"]["status"] == "already-resumed"


def test_move_is_stored_for_callbacks_with_the_new_key(call: Call) -> None:
    put_waiting("PROJ-1")
    answer = call(_moved("To Do"))["json"]
    assert (answer["status"], answer["jiraStoryId"]) == ("ignored", "NEWP-9")
    assert answer["message"].endswith("; what waits for PROJ-1 answers to its new key from now on")
    answer = call(json.dumps({"jiraStoryId": "NEWP-9", "message": "Go"}))["json"]
    assert (answer["status"], answer["executions"]) == ("resumed", ["run-1"])


def test_move_before_the_wait_still_finds_the_release(call: Call) -> None:
    put_item("PROJ-1")
    assert call(_moved("To Do"))["json"]["status"] == "ignored"
    assert call(_moved("Done", changed=False))["statusCode"] == 202
    assert get_item("PROJ-1")["callback"]["status"] == {"S": "success"}


def test_move_without_a_release_is_not_stored(call: Call) -> None:
    answer = call(_moved("To Do"))["json"]
    assert (answer["status"], answer["message"]) == ("ignored", "the status of the issue ends nothing")
    assert call(_moved("Done"))["statusCode"] == 404
    assert client("dynamodb").scan(TableName=TABLE)["Count"] == 0
