"""The mutants of the program: distinct, valid Python, and documented."""

import ast
from collections import Counter

import pytest

from tests.mutations import document, tests_for
from tests.mutations.finding import ROOT, every_mutant
from tests.mutations.mutant import Mutant
from tests.mutations.survivors import REASONS

pytestmark = pytest.mark.xdist_group("mutants")

UPDATE = "run `python -m tests.mutations --missing` (what is new), or `make mutations` (everything)"


@pytest.fixture(scope="module")
def every() -> list[Mutant]:
    """Return the mutants of the program."""
    return every_mutant()


@pytest.fixture(scope="module")
def caught(every: list[Mutant]) -> dict[str, str | None]:
    """Return the test that caught each of them, as documented."""
    return document.of(every, document.written())


def test_every_kind_has_mutants_with_distinct_ids(every: list[Mutant]) -> None:
    counts = Counter(each.kind for each in every)
    assert min(counts.values()) > 40
    assert len({each.id for each in every}) == len(every)


def test_every_mutant_changes_the_program(every: list[Mutant]) -> None:
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in {each.path for each in every}}
    trees = {path: ast.dump(ast.parse(text)) for path, text in texts.items()}
    for each in every:
        assert ast.dump(ast.parse(each.applied(texts[each.path]))) != trees[each.path], each.id


def test_document_has_every_mutant(every: list[Mutant], caught: dict[str, str | None]) -> None:
    new = [each.id for each in every if each.id not in caught]
    assert not new, f"docs/mutations.md is out of date: {UPDATE}"
    assert len(document.known(document.written())) == len(every), (
        f"docs/mutations.md knows mutants that are gone: {UPDATE}"
    )
    assert document.made(every, caught) == document.written()


def test_score_reaches_the_goals(every: list[Mutant], caught: dict[str, str | None]) -> None:
    assert document.problems(every, caught) == []
    assert all(len(reason) > 20 for reason in REASONS.values())


def test_documented_tests_exist(caught: dict[str, str | None]) -> None:
    assert [by for by in caught.values() if by and not document.is_there(by)] == []
    assert not document.is_there("tests/unit/mutations/test_program.py::test_that_is_gone[a]")


def test_nearest_tests_come_first(every: list[Mutant]) -> None:
    quick = tests_for.quick(ROOT, "components/callback.py", "dynamodb:Query")
    assert quick[0] == "tests/unit/components/test_callback.py"
    assert tests_for.quick(ROOT, "handlers/orders/payments_table.py", "a = :b")[0].endswith("/test_payment.py")
    about = tests_for.quick(ROOT, "components/policies.py", "xray:GetSamplingTargets")
    assert about[:2] == ["tests/unit/components/test_policies.py", "tests/unit/components/test_workflow.py"]
    assert all((ROOT / test).exists() for each in every for test in tests_for.whole_stack(each.path))
