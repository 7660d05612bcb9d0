"""The approval page for a person with a link: its form, its answers and its errors."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.approval import form
from handlers.approval.html import HEADERS
from handlers.aws import TransientError
from handlers.callback import receive
from handlers.secret import secret
from tests.campaigns.hostile.pages import code_on, elements
from tests.unit.handlers.approving import Visitor
from tests.unit.handlers.conftest import Context, get_item, put_item, put_waiting
from tests.unit.handlers.test_approve import ANN, BOB, put_policy
from tests.unit.handlers.test_resume import AT, CALLBACK, EARLIER, Bench, bench

__all__ = ["bench"]


@pytest.fixture
def visitor(bench: Bench) -> Visitor:
    return Visitor(secret(), bench.resumption())


TEXTS = {"title": "Pay 700", "details": "Books for the team", "requester": "eve", "endsAt": "2025-06-03T06:35:00.000Z"}


def add() -> None:
    """An item that waits, with all that is shown."""
    put_waiting(**TEXTS)


def test_page_shows_the_request_and_decides_nothing(visitor: Visitor, bench: Bench) -> None:
    add()
    for method in ("GET", "HEAD"):
        opened = visitor.open(visitor.token(), method)
        assert opened["statusCode"] == 200
    assert opened["body"] == ""
    text = elements(visitor.open(visitor.token())["body"]).text
    for shown in ("Pay 700", "PROJ-1", "Books for the team", "eve", "2 h 5 min (until 2025-06-03 06:35 UTC)"):
        assert shown in text
    assert "callback" not in get_item()
    assert bench.workflow.resumed == []


def test_page_cannot_be_cached_framed_indexed_or_sent_as_referrer(visitor: Visitor) -> None:
    add()
    token = visitor.token()
    for answered in (visitor.open(token), visitor.open("forged"), visitor.decide(token, name="Ann")):
        headers = answered["headers"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert "noindex" in headers["x-robots-tag"]
        policy = headers["content-security-policy"]
        for rule in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
            assert rule in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize(("decision", "status"), [("approve", "success"), ("reject", "failure")])
def test_submitted_form_decides(visitor: Visitor, bench: Bench, decision: str, status: str) -> None:
    add()
    token = visitor.token()
    answered = visitor.decide(token, decision, name=" Ann\r\nLee ", comment="Seen\r\ntwice")
    assert (answered["statusCode"], "You " in answered["body"]) == (200, True)
    [(_, sent)] = bench.workflow.resumed
    assert (sent.status, sent.decider, sent.message) == (status, "Ann Lee", "Seen\ntwice")
    assert (sent.channel, sent.identity, sent.completed_at) == ("link", "shared-link", AT)
    # After its use, the link shows who decided what.
    text = elements(visitor.open(token)["body"]).text
    assert "Ann Lee" in text
    assert "Seen\ntwice" in text
    assert "form" not in elements(visitor.open(token)["body"]).tags


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_decision_without_a_comment_has_a_default_message(visitor: Visitor, bench: Bench, decision: str) -> None:
    add()
    visitor.decide(visitor.token(), decision, name="Ann")
    assert [sent.message for _, sent in bench.workflow.resumed] == ["Approved" if decision == "approve" else "Rejected"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"decision": ""}, "Choose to approve or to reject"),
        ({"decision": "yes"}, "Choose to approve or to reject"),
        ({"code": ""}, "Type the four digits"),
        ({"code": "x"}, "Type the four digits"),
        ({"name": "  "}, "Say who you are"),
        ({"name": "n" * 256}, "At most 255 characters"),
        ({"comment": "c" * 2001}, "At most 2000 characters"),
        ({"further": "field"}, "other fields"),
    ],
)
def test_incomplete_form_decides_nothing_and_keeps_its_input(
    visitor: Visitor, fields: dict[str, str], told: str
) -> None:
    add()
    token = visitor.token()
    good = {"decision": "reject", "code": form.code_of(token), "name": "Ann", "comment": "Why not"}
    answered = visitor.send(token, {**good, **fields})
    assert answered["statusCode"] == 400
    assert told in answered["body"]
    if "further" not in fields and "comment" not in fields:
        assert "Why not" in answered["body"]
    assert "callback" not in get_item()


def test_a_form_with_a_field_twice_is_refused(visitor: Visitor) -> None:
    add()
    token = visitor.token()
    body = f"decision=approve&decision=reject&name=Ann&code={form.code_of(token)}"
    assert visitor.send(token, body)["statusCode"] == 400


def test_the_code_may_have_a_space_and_differs_between_links(visitor: Visitor) -> None:
    add()
    token = visitor.token()
    code = code_on(visitor.open(token)["body"])
    sent = {"decision": "approve", "name": "Ann", "code": f" {code[:2]} {code[2:]} "}
    assert visitor.send(token, sent)["statusCode"] == 200
    codes = {form.code_of(f"token-{number}") for number in range(50)}
    assert len(codes) > 40
    assert {len(each) for each in codes} == {4}


@pytest.mark.parametrize(
    ("method", "content_type", "size", "expected"),
    [("POST", "application/json", 10, 415), ("POST", "", 10, 415), ("PUT", "", 0, 405), ("POST", None, 33_000, 413)],
)
def test_body_that_is_not_a_form_is_refused(
    visitor: Visitor, method: str, content_type: str | None, size: int, expected: int
) -> None:
    add()
    token = visitor.token()
    if method == "POST":
        sent = visitor.send(token, "a" * size, **({"content_type": content_type} if content_type is not None else {}))
    else:
        sent = visitor.open(token, method)
        assert sent["headers"]["allow"] == "GET, HEAD, POST"
    assert sent["statusCode"] == expected


def test_late_decision_shows_the_earlier_one(visitor: Visitor, bench: Bench) -> None:
    add()
    token = visitor.token()
    code = code_on(visitor.open(token)["body"])
    bench.resumption().offer(replace(EARLIER, decider="Bob", identity="webhook-signature"), "id-0")
    told = visitor.send(token, {"decision": "approve", "name": "Ann", "code": code})
    assert told["statusCode"] == 409
    text = elements(told["body"]).text
    assert "This is rejected already" in text
    assert "Bob" in text
    assert "in Jira" in text
    assert len(bench.workflow.resumed) == 1


def test_approvals_by_separate_links_add_up(visitor: Visitor, bench: Bench) -> None:
    put_policy(2)
    ann, bob = visitor.token(ANN), visitor.token(BOB)
    assert f"You decide as\n{ANN}" in elements(visitor.open(ann)["body"]).text
    assert "name" not in [each.get("name") for each in elements(visitor.open(ann)["body"]).inputs]
    assert "1 more approval is needed" in visitor.decide(ann)["body"]
    # Forwarded to a colleague, the link is still Ann's.
    assert "1 more approval is needed" in visitor.decide(ann, comment="again")["body"]
    assert f"{ANN}: Approved" in elements(visitor.open(bob)["body"]).text
    assert "You approved this" in visitor.decide(bob)["body"]
    assert "You approved this" in visitor.decide(ann)["body"]
    assert visitor.decide(ann, "reject")["statusCode"] == 409
    [(_, sent)] = bench.workflow.resumed
    assert (sent.decider, sent.identity) == (f"{ANN}, {BOB}", "signed-link")


def test_a_shared_link_decides_no_hold_with_approvers(visitor: Visitor, bench: Bench) -> None:
    put_waiting()
    token = visitor.token()
    put_policy(1)
    assert visitor.decide(token, name=ANN)["statusCode"] == 403
    assert bench.workflow.resumed == []


def test_requester_does_not_approve(visitor: Visitor, bench: Bench) -> None:
    add()
    answered = visitor.decide(visitor.token(), name="EVE")
    assert (answered["statusCode"], bench.workflow.resumed) == (403, [])
    assert "somebody else has to make it" in answered["body"]


def test_manually_resumed_task_is_shown_as_decided(visitor: Visitor) -> None:
    put_item(waitingSince="2025-06-03T04:20:05.000Z", resumedAt=AT)
    assert "without a decision on this page" in visitor.open(visitor.token())["body"]


def test_failure_of_aws_gives_a_page_that_asks_to_retry(visitor: Visitor, bench: Bench) -> None:
    put_waiting(title="Secret title")
    token = visitor.token()

    def failing(error: Exception) -> Any:
        def read(*_key: str) -> None:
            raise error

        stories = type("Failing", (), {"read": staticmethod(read)})()
        return Visitor(visitor.secret, bench.resumption(stories=stories)).open(token)

    busy, broken = failing(TransientError("busy")), failing(RuntimeError("broken"))
    assert (busy["statusCode"], busy["headers"]["retry-after"]) == (503, "5")
    assert (broken["statusCode"], broken["body"].count("broken")) == (500, 0)


def test_callback_function_serves_the_page(
    bench: Bench, context: Context, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(receive, "executions", lambda: bench.workflow)
    put_waiting(endsAt="2999-01-01T00:00:00.000Z")
    token = Visitor(secret(), bench.resumption()).token()
    event = {
        "requestContext": {"http": {"method": "POST"}},
        "pathParameters": {"token": token},
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "body": f"decision=approve&name=Ann&code={form.code_of(token)}",
    }
    assert receive.handler(event, context)["headers"].items() >= HEADERS.items()
    log = capsys.readouterr().out
    assert "Decision by link" in log
    assert token not in log
    assert "token-run-1" not in log
    assert CALLBACK.status == get_item()["callback"]["status"]["S"]
