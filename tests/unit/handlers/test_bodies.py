"""The bodies of a callback."""

import copy
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.callback.bodies import Ignored, parse
from handlers.callback.issue_event import MAX_MESSAGE_LENGTH
from handlers.callback.status_names import StatusNames
from handlers.issue_key import is_issue_key
from handlers.payloads import PayloadError
from handlers.story import Callback
from tests.unit.handlers.conftest import event
from tests.unit.handlers.test_payloads import JSON_VALUES

NAMES = StatusNames.of(["Done", "Released"], ["Rejected", "Straße"])
AT = "2025-06-03T04:21:07.611Z"
KEYS = st.from_regex(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,5}", fullmatch=True)


def read(document: Any) -> Callback | Ignored:
    return parse(json.dumps(document).encode(), names=NAMES, at=AT)


def errors(document: Any) -> dict[str, str]:
    with pytest.raises(PayloadError) as refused:
        read(document)
    return {error.field: error.message for error in refused.value.errors}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, "success"),
        ("success", "success"),
        ("DONE", "success"),
        (" Done ", "success"),
        ("failed", "failure"),
        ("Failure", "failure"),
        ("Released", "success"),
        ("rejected", "failure"),
    ],
)
def test_own_body_has_a_status(status: str | None, expected: str) -> None:
    callback = read({"jiraStoryId": "PROJ-1", "message": "Go", "status": status})
    assert callback == Callback(jira_story_id="PROJ-1", status=expected, message="Go", completed_at=AT)  # type: ignore[arg-type]  # a str from the table above


def test_missing_status_means_success() -> None:
    callback = read({"jiraStoryId": "PROJ-1", "message": "Go"})
    assert isinstance(callback, Callback)
    assert callback.status == "success"


@pytest.mark.parametrize(
    ("document", "field", "message"),
    [
        ({}, "jiraStoryId", "Field required"),
        ({"jiraStoryId": "PROJ-1"}, "message", "Field required"),
        ({"jiraStoryId": "PROJ-1", "message": " "}, "message", "must say something"),
        ({"jiraStoryId": "PROJ-1", "message": "x" * (MAX_MESSAGE_LENGTH + 1)}, "message", "at most"),
        ({"jiraStoryId": "PROJ-1", "message": 7}, "message", "valid string"),
        ({"jiraStoryId": "PROJ-1", "message": "\ud800"}, "message", "valid string"),
        ({"jiraStoryId": "proj-1", "message": "Go"}, "jiraStoryId", "PROJ-123"),
        ({"jiraStoryId": "PROJ-0", "message": "Go"}, "jiraStoryId", "PROJ-123"),
        ({"jiraStoryId": "PROJ-1\n", "message": "Go"}, "jiraStoryId", "PROJ-123"),
        ({"jiraStoryId": "P-1", "message": "Go"}, "jiraStoryId", "PROJ-123"),
        ({"jiraStoryId": 10**400, "message": "Go"}, "jiraStoryId", "valid string"),
        ({"jiraStoryId": "PROJ-1", "message": "Go", "taskToken": "x"}, "taskToken", "not permitted"),
        ({"jiraStoryId": "PROJ-1", "message": "Go", "status": True}, "status", "valid string"),
        ({"jiraStoryId": "PROJ-1", "message": "Go", "status": ""}, "status", "must be one of success, done, failure"),
        ({"jiraStoryId": "PROJ-1", "message": "Go", "status": "Dnoe"}, "status", "jiraDoneStatuses (Done, Released)"),
        ({"jiraStoryId": "PROJ-1", "message": "Go", "status": "In Progress"}, "status", "jiraFailedStatuses (Rejected"),
        ({"jiraStoryId": "PROJ-1", "message": "Go", "issue": {"key": "PROJ-2"}}, "jiraStoryId", "issue of Jira's"),
        ({"jiraStoryId": "PROJ-1", "key": "PROJ-2"}, "jiraStoryId", "key of Jira's"),
        ({"issue": {"key": "PROJ-1"}, "key": "PROJ-2"}, "key", "must be in issue"),
        ({"webhookEvent": "jira:issue_updated", "fields": {"status": {"name": "Done"}}}, "fields", "must be in issue"),
        ({"transition": {"to_status": "Done"}}, "issue", "Field required"),
        ({"transition": {"to_status": "Done"}, "key": "PROJ-1"}, "key", "must be in issue"),
        ({"transition": {"to_status": "Done"}, "issue": {"key": "x"}}, "issue.key", "PROJ-123"),
        ({"transition": {}, "issue": {"key": "PROJ-1"}}, "transition.to_status", "Field required"),
        ({"transition": {"id": "5"}, "issue": {"key": "PROJ-1"}}, "transition.to_status", "Field required"),
        ({"transition": {"to_status": " "}, "issue": {"key": "PROJ-1"}}, "transition.to_status", "must say something"),
        ({"transition": {"to_status": None}, "issue": {"key": "PROJ-1"}}, "transition.to_status", "valid string"),
        ({"transition": "Done", "issue": {"key": "PROJ-1"}}, "transition", "must be a JSON object"),
        ([], "body", "must be a JSON object"),
        ("text", "body", "must be a JSON object"),
        ({"issue": 1}, "issue", "must be a JSON object"),
        ({"issue": {"key": "PROJ-1"}}, "issue.fields", "Field required"),
        ({"key": "PROJ-1", "fields": {"status": {}}}, "fields.status.name", "Field required"),
        ({"fields": {"status": {"name": "Done"}}}, "key", "Field required"),
        ({"webhookEvent": 1}, "webhookEvent", "valid string"),
        ({"webhookEvent": "jira:issue_updated", "issue": {"key": "x"}}, "issue.key", "PROJ-123"),
    ],
)
def test_invalid_body_is_refused_field_by_field(document: Any, field: str, message: str) -> None:
    assert message in errors(document)[field]


def test_every_invalid_field_is_named() -> None:
    assert errors({"jiraStoryId": "x", "extra": 1}).keys() == {"jiraStoryId", "message", "extra"}


def test_jira_webhook_names_the_user_and_the_status() -> None:
    callback = read(event("jira_issue_updated"))
    assert isinstance(callback, Callback)
    assert (callback.jira_story_id, callback.status) == ("PROJ-123", "success")
    assert callback.message == 'PROJ-123 "Release 2.1 to production" went from "In Review" to "Done" by Mia Krystof'


@pytest.mark.parametrize("name", ["automation_jira_format", "automation_automation_format"])
def test_both_formats_of_jira_automation_are_accepted(name: str) -> None:
    callback = read(event(name))
    assert isinstance(callback, Callback)
    assert (callback.jira_story_id, callback.status) == ("PROJ-123", "success")
    assert callback.message == 'PROJ-123 "Release 2.1 to production" is "Done"'


@pytest.mark.parametrize("name", ["jira_issue_updated", "automation_jira_format", "automation_automation_format"])
@pytest.mark.parametrize(
    ("status", "expected"), [("rejected", "failure"), ("RELEASED", "success"), ("strasse", "failure"), ("To Do", None)]
)
def test_status_is_case_insensitive(name: str, status: str, expected: str | None) -> None:
    document = copy.deepcopy(event(name))
    document.get("issue", document)["fields"]["status"]["name"] = status
    callback = read(document)
    assert (callback.status if isinstance(callback, Callback) else None) == expected
    if expected is None:
        assert callback == Ignored("the status of the issue ends nothing", "PROJ-123")


def test_other_events_are_ignored() -> None:
    assert isinstance(read(event("jira_project_updated")), Ignored)
    assert isinstance(read({**event("jira_issue_updated"), "webhookEvent": "jira:issue_deleted"}), Ignored)


def test_unchecked_fields_of_a_webhook_may_have_any_value() -> None:
    document = event("jira_issue_updated")
    document["user"], document["changelog"] = {"displayName": "\ud800"}, {"items": [1, {"field": "status"}]}
    document["issue"]["fields"]["summary"] = "x" * 100_000
    callback = read(document)
    assert isinstance(callback, Callback)
    assert len(callback.message) == MAX_MESSAGE_LENGTH
    callback.message.encode()


@given(JSON_VALUES)
def test_any_json_raises_at_most_a_payload_error(value: Any) -> None:
    with suppress(PayloadError):
        read(value)


@given(
    st.dictionaries(
        st.sampled_from(
            ["webhookEvent", "issue", "key", "fields", "jiraStoryId", "message", "transition", "changelog"]
        ),
        JSON_VALUES,
    )
)
def test_any_similar_body_raises_at_most_a_payload_error(document: dict[str, Any]) -> None:
    with suppress(PayloadError):
        read(document)


@given(
    KEYS,
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
    st.sampled_from(["success", "failure"]),
)
def test_own_body_round_trips(key: str, message: str, status: str) -> None:
    callback = read({"jiraStoryId": key, "message": message, "status": status})
    assert isinstance(callback, Callback)
    sent = {"jiraStoryId": key, "message": message, "status": status}
    assert callback.as_output() == {**sent, "completedAt": AT, "channel": "api"}


@given(KEYS)
def test_issue_keys(key: str) -> None:
    assert is_issue_key(key)
    assert not is_issue_key(key + "\n")
    assert not is_issue_key(key.lower())
    assert not is_issue_key("A" * 300 + key)


@pytest.mark.parametrize(
    ("name", "channel", "decider"),
    [
        ("jira_issue_updated", "jira-webhook", "Mia Krystof (5b10a2844c20165700ede21g)"),
        ("jira_post_function", "jira-transition", "Mia Krystof (5b10a2844c20165700ede21g)"),
        ("automation_jira_format", "jira-automation", None),
        ("automation_automation_format", "jira-automation", None),
    ],
)
def test_record_names_decider_and_channel(name: str, channel: str, decider: str | None) -> None:
    callback = read(event(name))
    assert isinstance(callback, Callback)
    assert (callback.channel, callback.decider) == (channel, decider)


@pytest.mark.parametrize(
    ("user", "decider"),
    [
        ({"displayName": "Ann"}, "Ann"),
        ({"name": "ann"}, "ann"),
        ({"displayName": "Ann", "name": "ann"}, "Ann (ann)"),
        ({"displayName": "x" * 300}, "x" * 255),
        ({"displayName": "\ud800"}, "?"),
        ({"displayName": 7}, None),
        ("ann", None),
    ],
)
def test_user_of_any_shape_is_named_as_far_as_possible(user: Any, decider: str | None) -> None:
    callback = read({**event("jira_issue_updated"), "user": user})
    assert isinstance(callback, Callback)
    assert callback.decider == decider


def test_own_body_may_name_the_decider() -> None:
    body = {"jiraStoryId": "PROJ-1", "message": "Go"}
    named = read({**body, "decider": "ann@example.com"})
    assert isinstance(named, Callback)
    assert named.decider == "ann@example.com"
    for wrong in (" ", "x" * 256, 7, "\ud800"):
        with pytest.raises(PayloadError):
            read({**body, "decider": wrong})
