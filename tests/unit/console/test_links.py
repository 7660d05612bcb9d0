"""Links to the approval page in the console: made for a wait when its own page asks, and never a task token."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import Client

from handlers import links
from handlers.story import Callback, Story
from ops.aws import stories, tokens
from tests.unit.console.conftest import HERE, MACHINE

API = "http://127.0.0.1:4566/callback"
KEY = "link-key"
WAITING = Story(
    story_id="expense-42",
    execution_name="run-1",
    execution_arn="arn:run-1",
    task_token="the-task-token",
    waiting_since="2026-01-02T00:00:00.000Z",
)
DECIDED = Callback(jira_story_id="expense-42", status="success", message="", completed_at="")


@pytest.fixture
def outputs() -> dict[str, Any]:
    return {"state_machine_arn": MACHINE, "callback_api_endpoint": API, "secrets_manager_arn": "arn:secret"}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The secret of the stack, which tests may change."""
    content = {"callback": "callback-token", "approvalLinkKey": KEY}
    monkeypatch.setattr(tokens, "current", lambda _target: content)
    return content


def _held(monkeypatch: pytest.MonkeyPatch, *found: Story) -> None:
    monkeypatch.setattr(stories, "of", lambda _target, subject: [each for each in found if each.story_id == subject])


def _ask(console: Client, story: str = "expense-42", name: str = "run-1", origin: str = HERE) -> Any:
    body = {"story": story, "name": name}
    return console.post("/_holdpoint/api/links", base_url=HERE, headers={"Origin": origin}, json=body)


def _page(console: Client) -> Any:
    return console.get("/_holdpoint/api/approval-page", base_url=HERE).json


def test_each_approver_of_the_wait_has_a_link(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(WAITING, execution_name="run-2")
    _held(monkeypatch, other, replace(WAITING, approvers=frozenset({"ann@example.com", "bob@example.com"})))
    answer = _ask(console)
    assert [each["approver"] for each in answer.json["links"]] == ["ann@example.com", "bob@example.com"]
    for each in answer.json["links"]:
        link = links.read(each["url"].removeprefix(f"{API}{links.PATH}"), lambda matches: matches(KEY.encode()))
        assert link
        assert (link.execution_name, link.approver) == ("run-1", each["approver"])
    assert not [text for text in ("the-task-token", "callback-token", KEY) if text in answer.text]


def test_page_of_another_origin_gets_no_link(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _held(monkeypatch, WAITING)
    assert _ask(console, origin="https://example.com").status_code == 403
    assert console.get("/_holdpoint/api/links", base_url=HERE).status_code == 404
    assert [each["approver"] for each in _ask(console).json["links"]] == ["anyone"]


@pytest.mark.parametrize(
    "story", [replace(WAITING, task_token=None), replace(WAITING, callback=DECIDED)], ids=["over", "decided"]
)
def test_wait_that_is_over_has_no_link(console: Client, monkeypatch: pytest.MonkeyPatch, story: Story) -> None:
    _held(monkeypatch, story)
    answer = _ask(console)
    assert (answer.status_code, answer.json["message"]) == (404, "run-1 does not wait for expense-42 (any more)")


def test_stack_without_an_approval_page_offers_no_links(
    console: Client, monkeypatch: pytest.MonkeyPatch, secret: dict[str, str]
) -> None:
    _held(monkeypatch, WAITING)
    assert _page(console) == {"exists": True}
    del secret["approvalLinkKey"]
    assert _page(console) == {"exists": False}
    answer = _ask(console)
    assert (answer.status_code, answer.json["message"]) == (400, "This stack has no approval page")
