"""Links that are no longer good: too old, of a wait that is over, of another wait, or made with a former key."""

import json

import pytest

from handlers.approval import form
from handlers.aws import client
from handlers.executions import Execution
from handlers.secret import Secret, secret
from tests.unit.handlers.approving import Visitor
from tests.unit.handlers.conftest import TOKENS, get_item, put_waiting
from tests.unit.handlers.test_resume import AT, Bench, bench

__all__ = ["bench"]


@pytest.fixture
def visitor(bench: Bench) -> Visitor:
    return Visitor(secret(), bench.resumption())


@pytest.mark.parametrize(
    ("ended", "lifetime", "expected"),
    [
        ({}, "3600", 200),
        ({}, "540", 410),
        ({"endsAt": AT}, "0", 410),
        ({"endedAt": AT, "endReason": "States.Timeout"}, "0", 410),
    ],
    ids=["young", "old", "over", "ended"],
)
def test_a_link_expires(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, ended: dict[str, str], lifetime: str, expected: int
) -> None:
    monkeypatch.setenv("APPROVAL_LINK_SECONDS", lifetime)
    put_waiting(title="Secret title", **ended)
    token = visitor.token()
    opened = visitor.open(token)
    assert opened["statusCode"] == expected
    if expected == 410:
        sent = visitor.send(token, {"decision": "approve", "name": "Ann", "code": form.code_of(token)})
        assert sent["statusCode"] == 410
        assert "Secret title" not in opened["body"] + sent["body"]
        assert "callback" not in get_item()


def test_late_decision_is_not_shown_as_taken(visitor: Visitor, bench: Bench) -> None:
    put_waiting()
    token = visitor.token()
    bench.workflow.tokens.clear()
    bench.workflow.statuses["run-1"] = Execution(status="TIMED_OUT")
    assert visitor.decide(token, name="Ann")["statusCode"] == 410
    assert visitor.open(token)["statusCode"] == 410


def test_a_link_of_another_wait_shows_nothing(visitor: Visitor) -> None:
    put_waiting(title="Secret title")
    token = visitor.token()
    put_waiting(title="Secret title", waitingSince="2025-06-03T05:00:00.000Z")
    assert visitor.open(token)["statusCode"] == 404
    client("dynamodb").delete_item(
        TableName="stories", Key={"jiraStoryId": {"S": "PROJ-1"}, "executionName": {"S": "run-1"}}
    )
    opened = visitor.open(token)
    assert opened["statusCode"] == 404
    assert "Secret title" not in opened["body"]


def test_a_rotation_revokes_every_link(visitor: Visitor, bench: Bench) -> None:
    put_waiting()
    token = visitor.token()
    assert visitor.open(token)["statusCode"] == 200
    changed = json.dumps({**TOKENS, "approvalLinkKey": "link-key-2"})
    client("secretsmanager").put_secret_value(SecretId="tokens", SecretString=changed)
    later = Secret(client("secretsmanager"), client("secretsmanager").describe_secret(SecretId="tokens")["ARN"])
    again = Visitor(later, visitor.resumption, key="link-key-2")
    revoked = again.open(token)
    assert (revoked["statusCode"], "It was revoked" in revoked["body"]) == (403, True)
    assert again.decide(token, name="Ann")["statusCode"] == 403
    # The execution waits on, and a new link decides.
    assert again.decide(again.token(), name="Ann")["statusCode"] == 200
    assert bench.workflow.resumed
    # The callback token before is still good: only links are revoked at once.
    assert later.accepts("approvalLinkKey", lambda key: key == b"link-key-1")
