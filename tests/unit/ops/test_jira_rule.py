"""The Automation rule of Jira: its format, and the callbacks that it sends."""

import json
from typing import Any

import pytest

from handlers.callback.bodies import Ignored, parse
from handlers.callback.status_names import StatusNames
from handlers.story import Callback
from ops.commands.jira import TEST_STATUS
from ops.jira_rule import BODY, Connection

DONE, FAILED = ["Done", "Approved"], ["Rejected"]
KNOWN = Connection(url="https://api.example.com/callback", done_statuses=DONE, failed_statuses=FAILED)


def _rendered(story: str, status: str, summary: str) -> bytes:
    """Return the custom data as Jira renders it: `asJsonString` writes a quoted, escaped string."""
    values = {"issue.key": story, "issue.status.name": status, "issue.summary": summary}
    text = BODY
    for name, value in values.items():
        text = text.replace(f"{{{{{name}.asJsonString}}}}", json.dumps(value))
    assert "{{" not in text
    return text.encode()


@pytest.mark.parametrize(("status", "outcome"), [("Approved", "success"), ("done", "success"), ("Rejected", "failure")])
def test_callback_accepts_the_body_of_the_rule(status: str, outcome: str) -> None:
    body = _rendered("PROJ-1", status, 'Say "go"\\ \n')
    callback = parse(body, names=StatusNames.of(DONE, FAILED), at="2026-01-01T00:00:00.000Z")
    assert isinstance(callback, Callback)
    assert (callback.jira_story_id, callback.status) == ("PROJ-1", outcome)


def test_status_of_a_test_is_ignored() -> None:
    body = _rendered("TEST-1", TEST_STATUS, "A test")
    assert isinstance(parse(body, names=StatusNames.of(DONE, FAILED), at=""), Ignored)


def _only_rule(**scope: str) -> dict[str, Any]:
    exported = KNOWN.rule(**scope)
    assert exported["cloud"] is True
    (rule,) = exported["rules"]
    return dict(rule)


def test_rule_has_every_deciding_status_and_is_disabled() -> None:
    rule = _only_rule()
    assert rule["state"] == "DISABLED"
    assert rule["trigger"]["type"] == "jira.issue.event.trigger:transitioned"
    assert [each["value"] for each in rule["trigger"]["value"]["toStatus"]] == [*DONE, *FAILED]
    (action,) = rule["components"]
    assert action["value"]["url"] == KNOWN.url
    assert action["value"]["customBody"] == BODY


@pytest.mark.parametrize(
    ("scope", "resources"),
    [
        ({}, []),
        ({"cloud_id": "c1"}, ["ari:cloud:jira::site/c1"]),
        ({"cloud_id": "c1", "project_id": "10001"}, ["ari:cloud:jira:c1:project/10001"]),
    ],
)
def test_rule_has_the_given_project(scope: dict[str, str], resources: list[str]) -> None:
    rule = _only_rule(**scope)
    assert rule["ruleScope"]["resources"] == resources
    assert rule["trigger"]["value"]["eventFilters"] == resources


def test_rule_has_secrets_only_if_given() -> None:
    told = Connection(
        url=KNOWN.url, done_statuses=DONE, failed_statuses=FAILED, token="t0ken", signing_key="k3y"
    ).as_json()
    assert told["headers"]["Authorization"] == "Bearer t0ken"
    assert told["webhook"]["secret"] == "k3y"
    (header,) = [each for each in told["rule"]["rules"][0]["components"][0]["value"]["headers"] if each["headerSecure"]]
    assert header == {"name": "Authorization", "value": "Bearer t0ken", "headerSecure": True}
    hidden = KNOWN.as_json()
    assert hidden["headers"]["Authorization"] == "Bearer <the token>"
    assert hidden["rule"]["rules"][0]["components"][0]["value"]["headers"][0]["value"] == ""
