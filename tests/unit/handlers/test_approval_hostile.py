"""The approval page against scanners, forged links and markup: nothing but a person's form decides."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers import links
from handlers.approval import form
from handlers.secret import secret
from tests.campaigns.hostile.pages import Elements, elements, submissions
from tests.campaigns.hostile.texts import CONTROLS, EXPRESSIONS, LETTERS, LINES, MARKUP, PLACEHOLDERS
from tests.unit.handlers.approving import Visitor
from tests.unit.handlers.conftest import get_item, put_waiting
from tests.unit.handlers.test_resume import Bench, bench

__all__ = ["bench"]

SHOWN = {"title": "Pay 700", "details": "Books", "requester": "Eve", "endsAt": "2025-06-03T06:35:00.000Z"}


@pytest.fixture
def visitor(bench: Bench) -> Visitor:
    return Visitor(secret(), bench.resumption())


def is_undecided(bench: Bench) -> bool:
    return not bench.workflow.resumed and not {"callback", "resumedAt"} & get_item().keys()


def test_scanner_of_links_and_forms_cannot_decide(visitor: Visitor, bench: Bench) -> None:
    put_waiting(**SHOWN)
    token = visitor.token()
    page = elements(visitor.open(token)["body"])
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        visitor.open(token, method)
    sent = submissions(page)
    assert len(sent) > 10
    for fields in sent:
        # One word in ten thousand is the code; it is not among theirs for this link.
        assert form.code_of(token) not in fields.values()
        assert visitor.send(token, fields)["statusCode"] in (400, 413)
    assert is_undecided(bench)


def test_confirmation_code_is_in_no_form_value(visitor: Visitor) -> None:
    put_waiting(**SHOWN)
    token = visitor.token()
    page = elements(visitor.open(token)["body"])
    assert form.code_of(token) in page.text
    assert all(form.code_of(token) not in str(each.values()) for each in page.inputs)


def test_page_has_no_script_and_no_external_resource(visitor: Visitor) -> None:
    put_waiting(**SHOWN)
    page = elements(visitor.open(visitor.token())["body"])
    tags = {tag.split(" ")[0] for tag in page.tags}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "a", "base", "svg"}
    attributes = {name for tag in page.tags for name in tag.split(" ")[1:]}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "href", "style", "action")]


FAMILIES = (CONTROLS, EXPRESSIONS, LETTERS, LINES, PLACEHOLDERS)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(MARKUP, id="markup"),
        pytest.param([text for family in FAMILIES for text in family], id="all", marks=pytest.mark.soak),
    ],
)
def test_markup_in_every_field_is_escaped(visitor: Visitor, bench: Bench, texts: Sequence[str]) -> None:
    def pages_of(text: str) -> list[Elements]:
        put_waiting(**{**SHOWN, "title": text, "details": text, "requester": f"{text}!"})
        bench.workflow.tokens = {"token-run-1"}
        token, typed = visitor.token(), {"name": text, "comment": text}
        found = [visitor.open(token), visitor.send(token, {"decision": "approve", "code": "", **typed})]
        found += [visitor.decide(token, **typed), visitor.open(token)]
        assert [each["statusCode"] for each in found] == [200, 400, 200, 200]
        return [elements(each["body"]) for each in found]

    plain = [each.tags for each in pages_of("plain")]
    for text in texts:
        shown = text.encode(errors="replace").decode()
        if 0 < len(shown.strip()) < 200:
            assert [each.tags for each in pages_of(shown)] == plain, text


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200f", "\u061c", "\x1b", "\x00"])
def test_characters_that_change_text_direction_are_not_shown(visitor: Visitor, character: str) -> None:
    put_waiting(**{**SHOWN, "title": f"Reject{character}evorppA"})
    body = visitor.open(visitor.token())["body"]
    assert character not in body
    assert "Reject\N{REPLACEMENT CHARACTER}evorppA" in body


def test_forged_and_foreign_links_get_the_same_page_and_read_nothing(visitor: Visitor, bench: Bench) -> None:
    put_waiting(**SHOWN)
    good = visitor.token()
    [link] = links.links_to(bench.stories.of("PROJ-1")[0], datetime.now(UTC))
    foreign = links.url("", link, b"the key of another stack").removeprefix(links.PATH)
    content, _, signature = good.partition(".")
    rng = random.Random(7)
    forged = [
        foreign,
        content,
        f".{signature}",
        f"{content}.",
        f"{content}.{'A' * 43}",
        "../callback",
        "%2e%2e",
        "\x00",
    ]
    for _ in range(8):
        at = rng.randrange(len(good))
        forged.append(good[:at] + rng.choice("AZaz09-_.") + good[at + 1 :])
    visitor.resumption.stories = Untouched()
    pages = set()
    for token in forged:
        if token == good:
            continue
        decision = {"decision": "approve", "code": form.code_of(token)}
        for answered in (visitor.open(token), visitor.send(token, decision)):
            assert answered["statusCode"] == 403
            pages.add(answered["body"])
    assert len(pages) == 1
    assert is_undecided(bench)


class Untouched:
    """A table that nobody may read."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was used")


def test_a_used_link_never_decides_again(visitor: Visitor, bench: Bench) -> None:
    put_waiting(**SHOWN)
    token = visitor.token()
    code = form.code_of(token)
    first = {"decision": "approve", "code": code, "name": "Ann", "comment": "first"}
    assert "You approved this" in visitor.send(token, first)["body"]
    for number in range(5):
        again = visitor.send(token, {"decision": "reject", "code": code, "name": f"Eve {number}", "comment": "again"})
        assert again["statusCode"] == 409
        text = elements(again["body"]).text
        assert "This is approved already" in text
        assert ("Ann" in text, "first" in text, "Eve" in text.replace("Asked by\nEve", "")) == (True, True, False)
    assert len(bench.workflow.resumed) == 1
