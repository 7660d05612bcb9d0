"""Subjects of holds: the workflow and the callback accept the same ones."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl.hold import calls
from facts import SUBJECT_PATTERN
from handlers.callback.bodies import parse
from handlers.callback.status_names import StatusNames
from handlers.payloads import PayloadError
from handlers.story import Callback
from handlers.subject import is_subject
from tests.unit.asl.deciding import value
from tests.unit.handlers.test_bodies import KEYS

NAMES = StatusNames.of(["Done"], ["Rejected"])
ORDER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # handlers/orders/fields.py, OrderId
AT = "2025-06-03T04:21:07.611Z"
SUBJECTS = ["expense-42", "EXPENSE-42", "PROJ-1", "7", "ann@example.com", "invoice:2026.42_b", "_x-", "x" * 255]
NO_SUBJECTS = ["", " ", "a b", "a/b", "a\n", "\na", "é-1", "x" * 256, "a\x00", "<b>", "a\u2028b"]
WRONG_TYPES = [None, 7, ["a"], {"a": 1}]


def _registered(subject: Any) -> Any:
    """Return the subject that a workflow registers from its variable `it`."""
    return value("{%" + calls.checked("$it") + "%}", {"it": subject})


def _errors(document: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(PayloadError) as refused:
        parse(json.dumps(document).encode(), names=NAMES, at=AT)
    return {error.field: error.message for error in refused.value.errors}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_valid_subject_is_registered_and_decided(subject: str) -> None:
    assert _registered(subject) == subject
    body = {"subject": subject, "message": "Go", "status": "failed", "decider": "Ann"}
    assert parse(json.dumps(body).encode(), names=NAMES, at=AT) == Callback(
        jira_story_id=subject, status="failure", message="Go", completed_at=AT, decider="Ann"
    )


@pytest.mark.parametrize("text", [*NO_SUBJECTS, *WRONG_TYPES])
def test_invalid_subject_is_not_registered_and_not_decided(text: Any) -> None:
    with pytest.raises(Exception, match="The subject of a hold must be a text"):
        _registered(text)
    assert _errors({"subject": text, "message": "Go"}).keys() == {"subject"}


@pytest.mark.parametrize("story", ["proj-1", "expense-42", "PROJ", "P-1"])
def test_jira_story_must_be_an_issue_key(story: str) -> None:
    assert _errors({"jiraStoryId": story, "message": "Go"}) == {
        "jiraStoryId": 'must be a Jira issue key such as "PROJ-123"'
    }


def test_a_body_names_a_subject_or_a_story() -> None:
    assert _errors({"subject": "expense-42", "jiraStoryId": "PROJ-1", "message": "Go"}).keys() == {"subject"}
    assert _errors({"message": "Go"}) == {"jiraStoryId": "Field required"}


@given(st.one_of(KEYS, st.from_regex(ORDER_ID, fullmatch=True, alphabet=st.characters(codec="ascii"))))
def test_every_issue_key_and_every_orders_id_is_a_subject(key: str) -> None:
    assert is_subject(key)


@given(st.text(max_size=300))
def test_workflow_and_callback_agree_on_every_text(text: str) -> None:
    try:
        registered = _registered(text)
    except Exception:
        registered = None
    assert (registered == text) == is_subject(text) == bool(len(text) <= 255 and re.fullmatch(SUBJECT_PATTERN, text))
