"""Links in reminders: one for everybody, or one for each approver in a separate message."""

import json
from dataclasses import replace
from typing import Any

import pytest

from handlers import links as signed
from handlers.aws import client
from handlers.secret import CACHE_SECONDS, Secret, secret
from handlers.stories import stories
from handlers.sweeper import sweep as sweep_module
from handlers.sweeper.links import LinkMaker, link_maker
from handlers.sweeper.reminders import Message
from handlers.sweeper.sweep import handler
from handlers.sweeper.topic import approvers_topic
from tests.unit.handlers.conftest import TOKENS, Context, event, get_item, put_waiting
from tests.unit.handlers.fake_workflow import FakeWorkflow
from tests.unit.handlers.test_approve import ANN, BOB, CY, put_policy
from tests.unit.handlers.test_reminders import LATE, TOPIC_ARN, Inbox, only_wait, reminders

pytestmark = pytest.mark.usefixtures("cloud")

API = "https://api.example.com/callback"


class Sent:
    """Keeps the published messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def publish(self, message: Message) -> None:
        self.messages.append(message)


def maker() -> LinkMaker:
    return LinkMaker(stories=stories(), secret=secret(), endpoint=API, now=LATE)


def remind() -> tuple[list[Message], list[Message]]:
    """Send the reminders of the one wait; gives those for everybody, and those for approvers."""
    everybody, approvers = Sent(), Sent()
    due: Any = replace(reminders(publisher=everybody), links=maker(), approvers=approvers)
    assert due.remind(only_wait()) == 1
    return everybody.messages, approvers.messages


def test_reminder_has_the_link_for_everybody() -> None:
    put_waiting()
    [told], approvers = remind()
    [line] = [line for line in told.text.splitlines() if line.startswith("Decide here: ")]
    token = line.removeprefix(f"Decide here: {API}{signed.PATH}")
    link = signed.read(token, lambda matches: secret().accepts("approvalLinkKey", matches))
    assert link
    assert (link.subject, link.execution_name, link.approver) == ("PROJ-1", "run-1", None)
    assert approvers == []
    assert "token-run-1" not in told.text


def test_reminder_after_a_rotation_carries_a_link_of_the_new_key() -> None:
    put_waiting()
    now, rotated = 0.0, json.dumps({**TOKENS, "approvalLinkKey": "link-key-2"})
    kept = Secret(client("secretsmanager"), "tokens", clock=lambda: now)
    assert kept.current("approvalLinkKey") == b"link-key-1"
    client("secretsmanager").put_secret_value(SecretId="tokens", SecretString=rotated)
    now = CACHE_SECONDS
    [url] = replace(maker(), secret=kept).of(only_wait()).values()
    token = url.removeprefix(f"{API}{signed.PATH}")
    assert signed.read(token, lambda matches: matches(b"link-key-2"))
    assert signed.read(token, lambda matches: matches(b"link-key-1")) is None


def test_each_approver_gets_only_their_own_link() -> None:
    put_policy(2)
    [told], approvers = remind()
    assert signed.PATH not in told.text
    assert [each.attributes["approver"] for each in approvers] == [ANN, BOB, CY]
    for each in approvers:
        assert each.text.count(signed.PATH) == 1
        assert f"made for {each.attributes['approver']}" in each.text
    assert len({each.text for each in approvers}) == 3


def test_redriven_wait_gets_no_link_to_the_earlier_one() -> None:
    put_waiting()
    wait = only_wait()
    put_waiting(waitingSince="2025-06-03T05:00:00.000Z")
    assert maker().of(wait) == {}


def test_reminder_without_a_key_is_retried() -> None:
    put_waiting()
    client("secretsmanager").put_secret_value(SecretId="tokens", SecretString="{}")
    due: Any = replace(reminders(), links=maker())
    with pytest.raises(ValueError, match="has no approvalLinkKey; deploy the stack again"):
        due.remind(only_wait())
    assert "remindedAt" not in get_item()


def test_a_sweep_sends_links_where_the_stack_has_a_page(monkeypatch: pytest.MonkeyPatch, context: Context) -> None:
    assert (link_maker(LATE), approvers_topic()) == (None, None)
    monkeypatch.setattr(sweep_module, "executions", FakeWorkflow)
    monkeypatch.setenv("APPROVAL_ENDPOINT", API)
    monkeypatch.setenv("APPROVERS_TOPIC_ARN", TOPIC_ARN)
    monkeypatch.setenv("CALLBACK_TIMEOUT_SECONDS", str(10**9))
    inbox = Inbox()
    put_policy(1, ANN, BOB)
    assert handler(event("scheduled"), context)["reminded"] == 1
    told = [each for each in inbox.messages() if "approver" in each["MessageAttributes"]]
    assert {each["MessageAttributes"]["approver"]["Value"] for each in told} == {ANN, BOB}
    assert all(f"{API}{signed.PATH}" in each["Message"] for each in told)
