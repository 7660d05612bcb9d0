"""Jira events with transitions, changelogs and moves."""

import copy
from typing import Any

import pytest

from handlers.callback.bodies import Ignored
from handlers.story import Callback
from tests.unit.handlers.conftest import event
from tests.unit.handlers.test_bodies import errors, read


@pytest.mark.parametrize(
    ("status", "expected"),
    [("In Progress", None), ("Done", "success"), (" RELEASED", "success"), ("Rejected", "failure")],
)
@pytest.mark.parametrize("old", ["Done", "Rejected", "In Progress", None])
@pytest.mark.parametrize("more", [{}, {"webhookEvent": "jira:issue_updated"}], ids=["post function", "as a webhook"])
def test_transition_takes_precedence_over_the_status(
    status: str, expected: str | None, old: str | None, more: dict[str, Any]
) -> None:
    document = {**event("jira_post_function"), **more}
    document["transition"]["to_status"] = status
    document["issue"]["fields"] = {"status": {"name": old}} if old else {}
    callback = read(document)
    assert (callback.status if isinstance(callback, Callback) else None) == expected


def test_message_of_a_transition_names_both_statuses() -> None:
    callback = read(event("jira_post_function"))
    assert isinstance(callback, Callback)
    assert callback.message == ('PROJ-123 "Release 2.1 to production" went from "In Review" to "Done" by Mia Krystof')


def test_empty_transition_leaves_the_decision_to_the_status() -> None:
    assert isinstance(read({**event("jira_issue_updated"), "transition": None}), Callback)


def _changed(status: str, change: dict[str, Any], **issue: Any) -> dict[str, Any]:
    document = copy.deepcopy(event("jira_issue_updated"))
    document["issue"]["fields"]["status"] = {"name": status, **issue}
    document["changelog"]["items"] = [{"field": "status", "fieldtype": "jira", **change}]
    return document


@pytest.mark.parametrize(
    ("status", "changed"),
    [("Done", "In Progress"), ("In Progress", "Done"), ("Done", "Rejected"), ("Rejected", "Done")],
)
@pytest.mark.parametrize("ids", [{}, {"id": "3"}], ids=["no ids", "other ids"])
def test_a_changelog_that_contradicts_the_status_is_refused(status: str, changed: str, ids: dict[str, str]) -> None:
    found = errors(_changed(status, {"toString": changed, "to": "4"}, **ids))
    assert found == {"changelog.items.0.toString": "must not contradict issue.fields.status.name"}


def test_a_changelog_that_contradicts_a_transition_is_refused() -> None:
    document = {**_changed("Done", {"toString": "Done"}), "transition": {"to_status": "In Progress"}}
    assert errors(document) == {"changelog.items.0.toString": "must not contradict transition.to_status"}


@pytest.mark.parametrize(
    ("change", "issue"),
    [
        ({"toString": "Released"}, {}),
        ({"toString": None}, {}),
        ({"toString": "Fertig", "to": "10001"}, {"id": "10001"}),
        ({"toString": "In Progress", "fieldtype": "custom"}, {}),
    ],
    ids=["a status that means the same", "nothing", "one status by another name", "a field of that name"],
)
def test_a_changelog_that_agrees_leaves_the_decision_to_the_status(
    change: dict[str, Any], issue: dict[str, Any]
) -> None:
    callback = read(_changed("Done", change, **issue))
    assert isinstance(callback, Callback)
    assert callback.status == "success"


def _moved(status: str = "Done", key: str = "NEWP-9", **change: Any) -> dict[str, Any]:
    item = {"field": "Key", "fieldtype": "jira", "fromString": "OLDP-5", "toString": "NEWP-9", **change}
    return {
        "webhookEvent": "jira:issue_updated",
        "issue": {"key": key, "fields": {"status": {"name": status}}},
        "changelog": {"items": [{"field": "project"}, item]},
    }


@pytest.mark.parametrize("key", ["NEWP-9", "OLDP-5"])
def test_moved_story_has_its_old_key(key: str) -> None:
    callback = read(_moved(key=key))
    assert isinstance(callback, Callback)
    assert (callback.jira_story_id, callback.former_keys) == ("NEWP-9", ("OLDP-5",))
    assert callback.message == 'NEWP-9 (before: OLDP-5) is "Done"'
    assert "former_keys" not in callback.as_output()


def test_ignored_move_has_the_old_key() -> None:
    assert read(_moved("To Do")) == Ignored("the status of the issue ends nothing", "NEWP-9", ("OLDP-5",))


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (_moved(fromString=None), "changelog.items.1.fromString"),
        (_moved(toString="new"), "changelog.items.1.toString"),
        (_moved(key="OTHER-1"), "issue.key"),
    ],
)
def test_move_with_contradicting_keys_is_refused(document: dict[str, Any], field: str) -> None:
    assert errors(document).keys() == {field}


def test_custom_field_named_key_is_no_move() -> None:
    callback = read(_moved(fieldtype="custom", fromString="x"))
    assert isinstance(callback, Callback)
    assert callback.former_keys == ()
