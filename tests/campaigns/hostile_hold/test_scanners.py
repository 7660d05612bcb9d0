"""Scanners of mails and chats, which open links, follow the page's links and submit forms. None of them can decide."""

import random
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import pytest

from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.pages import elements, submissions
from tests.campaigns.hostile.proofs import Header
from tests.campaigns.hostile_hold.visitor import Visitor

SHORT, LONG = 4, 300
SHORT_REPEATED, LONG_REPEATED = 3, 200

SCANNERS: Mapping[str, Sequence[Header]] = {
    "Safe Links": [("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari")],
    "Proofpoint": [("User-Agent", "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1)"), ("Accept", "*/*")],
    "Slack": [("User-Agent", "Slackbot-LinkExpanding 1.0"), ("Range", "bytes=0-32768")],
    "iMessage": [("User-Agent", "Mozilla/5.0 facebookexternalhit/1.1 Facebot Twitterbot/1.0")],
    "prefetch": [("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch"), ("X-Moz", "prefetch")],
    "override": [("X-HTTP-Method-Override", "POST"), ("X-Method-Override", "POST"), ("_method", "POST")],
    "cache": [("If-None-Match", "*"), ("If-Modified-Since", "Thu, 01 Jan 2099 00:00:00 GMT")],
    "other site": [
        ("Origin", "https://evil.example"),
        ("Referer", "https://evil.example/"),
        ("Sec-Fetch-Dest", "iframe"),
    ],
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_links_can_be_opened_any_number_of_times(visitor: Visitor, method: str, at_length: bool) -> None:
    before = visitor.expense.item
    for number in range(LONG_REPEATED if at_length else SHORT_REPEATED):
        _, headers = [*SCANNERS.items()][number % len(SCANNERS)]
        assert visitor.open(method=method, headers=headers).code == 200
    visitor.has_decided_nothing(before)
    assert "You approved this" in visitor.decide().body


def test_scanners_that_submit_forms_decide_nothing(
    undecided: Visitor, seed: int, at_length: bool, workers: int
) -> None:
    before = undecided.expense.item
    sent = submissions(elements(undecided.open().body))

    def make(rng: random.Random) -> tuple[str, str, dict[str, str]]:
        fields = rng.choice(sent)
        # One word in ten thousand is the code of this link.
        code = undecided.decision()["code"]
        return (
            rng.choice([*SCANNERS]),
            rng.choice(("form", "query", "get", "json")),
            {name: value for name, value in fields.items() if value != code},
        )

    def check(case: tuple[str, str, dict[str, str]]) -> None:
        scanner, way, fields = case
        headers = SCANNERS[scanner]
        assert undecided.open(headers=headers).code == 200
        match way:
            case "form":
                assert undecided.send(fields, headers=headers).code == 400
            case "query":
                token = f"{undecided.token}?{urlencode(fields)}"
                assert undecided.open(token, headers=headers).code == 200
                assert undecided.send(b"", token, headers=headers).code == 400
            case "get":
                assert undecided.send(fields, method="GET", headers=headers).code == 200
            case _:
                body = str(fields).replace("'", '"').encode()
                assert undecided.send(body, headers=headers, content_type="application/json").code == 415

    Campaign("approval page: scanners", seed, LONG if at_length else SHORT, make, check, workers).run()
    undecided.has_decided_nothing(before)


def test_decision_needs_a_post_with_a_body(undecided: Visitor) -> None:
    before, decision = undecided.expense.item, undecided.decision()
    query = f"{undecided.token}?{urlencode(decision)}"
    for method in ("GET", "HEAD"):
        assert undecided.open(query, method).code == 200
        assert undecided.send(decision, method=method).code == 200
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "post"):
        page = undecided.send(decision, method=method)
        assert page.code in (404, 405, 501), method
    assert undecided.send(b"", query).code == 400
    undecided.has_decided_nothing(before)


@pytest.mark.parametrize(("decision", "word"), [("approve", "approved"), ("reject", "rejected")])
def test_decided_link_shows_the_decision_and_decides_nothing_more(
    visitor: Visitor, decision: str, word: str, at_length: bool
) -> None:
    assert f"You {word} this" in visitor.decide(decision, comment="first").body
    decided = visitor.expense.item["callback"]
    for number in range(LONG_REPEATED if at_length else SHORT_REPEATED):
        other = "reject" if number % 2 else "approve"
        page = visitor.send(visitor.decision(other, name=f"Eve {number}", comment="again"))
        assert (page.code, f"This is {word} already" in page.body) == (409, True)
        shown = elements(page.body)
        assert ("Ann" in shown.text, "first" in shown.text, "Eve" in shown.text) == (True, True, False)
        assert not shown.inputs
        opened = visitor.open(method=("GET", "HEAD")[number % 2])
        assert opened.code == 200
        assert "<form" not in opened.body
    # The very same form, as a browser sends it again when a page is reloaded.
    assert f"You {word} this" in visitor.send(visitor.decision(decision, comment="first")).body
    assert visitor.expense.item["callback"] == decided
