"""Markup and control characters in every text that the page shows or takes: all of it is text."""

from collections.abc import Sequence

import pytest

from handlers.approval.html import UNSHOWN
from tests.campaigns.hostile.pages import elements
from tests.campaigns.hostile.texts import (
    CONTROLS,
    EXPRESSIONS,
    LETTERS,
    LINES,
    MARKUP,
    PATHS,
    PLACEHOLDERS,
)
from tests.campaigns.hostile_hold.conftest import Waiting
from tests.campaigns.hostile_hold.visitor import Visitor

EVERY = (*MARKUP, *CONTROLS, *EXPRESSIONS, *LETTERS, *LINES, *PATHS, *PLACEHOLDERS)
SHOWN = (MARKUP[1], MARKUP[4], CONTROLS[4], LETTERS[0])
TYPED = (MARKUP[1] + CONTROLS[1] + LINES[1],)
FIELDS = ("title", "details", "requester")


@pytest.mark.parametrize(
    "texts", [pytest.param(SHOWN, id="some"), pytest.param(EVERY, id="all", marks=pytest.mark.soak)]
)
def test_texts_of_the_workflow_are_shown_as_text(visitor: Visitor, texts: Sequence[str]) -> None:
    def tags(text: str) -> list[list[str]]:
        visitor.expense.change(**dict.fromkeys(FIELDS, text))
        pages = [visitor.open(), visitor.send({**visitor.decision(), "code": ""})]
        assert [page.code for page in pages] == [200, 400]
        assert not [page for page in pages if UNSHOWN.search(page.body.replace("\r", ""))]
        return [elements(page.body).tags for page in pages]

    plain = tags("plain")
    for text in texts:
        if text.strip():
            assert tags(text) == plain, repr(text)


@pytest.mark.parametrize(
    "texts", [pytest.param(TYPED, id="some"), pytest.param(EVERY, id="all", marks=pytest.mark.soak)]
)
def test_typed_texts_are_kept_and_shown_as_text(submit: Waiting, texts: Sequence[str]) -> None:
    for text in texts:
        visitor = submit()
        typed = {"name": f"A{text}", "comment": f"C{text}"}
        wrong = visitor.send({**visitor.decision(), **typed, "code": "no"})
        assert (wrong.code, len(elements(wrong.body).inputs)) == (400, 6)
        assert "You approved this" in visitor.send({**visitor.decision(), **typed}).body
        shown = visitor.open()
        assert elements(shown.body).tags == elements(visitor.open(method="GET").body).tags
        assert not elements(shown.body).inputs
        assert not UNSHOWN.search(shown.body)
        decision = visitor.expense.output()["decision"]
        assert decision["decider"] == " ".join(typed["name"].split()), repr(text)
        assert decision["message"] == typed["comment"].replace("\r\n", "\n").strip(), repr(text)
