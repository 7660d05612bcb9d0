"""docs/mutations.md: the outcome of every mutant, and the problems."""

import pytest

from tests.mutations import document
from tests.mutations.mutant import Kind, Mutant


def _mutant(kind: Kind, what: str) -> Mutant:
    return Mutant(kind, "asl/x.py", "f", what, 0, 1, "")


MUTANTS = [_mutant("permission", "a | b"), _mutant("condition", "c"), _mutant("retry", "d"), _mutant("catch", "e")]
ALL = {each.id: "tests/unit/test_x.py::test_y[a-b]" for each in MUTANTS}


def test_document_round_trips() -> None:
    caught = {**ALL, MUTANTS[3].id: None}
    assert document.of(MUTANTS, document.made(MUTANTS, caught)) == caught


def test_document_has_the_score() -> None:
    text = document.made(MUTANTS, {**ALL, MUTANTS[3].id: None})
    assert "| 1 | 1 | 100.0 % |" in text
    assert "| 1 | 0 | 0.0 % |" in text
    assert [line.split() for line in document.scores(text)][::3] == [
        ["all", "of", "permission", "tried", "1,", "caught", "1", "(100.0", "%)"],
        ["all", "of", "catch", "tried", "1,", "caught", "0", "(0.0", "%)"],
    ]


def test_survivors_and_reasons_match(monkeypatch: pytest.MonkeyPatch) -> None:
    assert document.problems(MUTANTS, ALL) == []
    monkeypatch.setattr(document, "REASONS", {MUTANTS[0].id: "because", "gone": "because"})
    assert document.problems(MUTANTS, ALL) == [
        "there is a reason, but no need for it: gone",
        f"there is a reason, but no need for it: {MUTANTS[0].id}",
    ]
    wrong = document.problems(MUTANTS, {**ALL, MUTANTS[0].id: None, MUTANTS[2].id: None})
    assert f"no test catches it: {MUTANTS[2].id}" in wrong
    assert "of permission 0 in 1 are caught, and not 100 %" in wrong
