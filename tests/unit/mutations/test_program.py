"""The mutants of the program: each can be told from the others, stays Python, and stands in docs/mutations.md."""

import ast
from collections import Counter

from tests.mutations import document, tests_for
from tests.mutations.finding import ROOT, every_mutant
from tests.mutations.survivors import REASONS

MUTANTS = every_mutant()
CAUGHT = document.of(MUTANTS, document.written())
UPDATE = "run `python -m tests.mutations --missing` (what is new), or `make mutations` (everything)"


def test_every_kind_has_some_and_no_two_are_one() -> None:
    counts = Counter(each.kind for each in MUTANTS)
    assert min(counts.values()) > 40
    assert len({each.id for each in MUTANTS}) == len(MUTANTS)


def test_every_mutant_is_another_program() -> None:
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in {each.path for each in MUTANTS}}
    trees = {path: ast.dump(ast.parse(text)) for path, text in texts.items()}
    for each in MUTANTS:
        assert ast.dump(ast.parse(each.applied(texts[each.path]))) != trees[each.path], each.id


def test_the_document_knows_the_mutants_of_today() -> None:
    new = [each.id for each in MUTANTS if each.id not in CAUGHT]
    assert not new, f"docs/mutations.md is out of date: {UPDATE}"
    assert len(document.known(document.written())) == len(MUTANTS), (
        f"docs/mutations.md knows mutants that are gone: {UPDATE}"
    )
    assert document.made(MUTANTS, CAUGHT) == document.written()


def test_the_score_is_what_it_has_to_be() -> None:
    assert document.problems(MUTANTS, CAUGHT) == []
    assert all(len(reason) > 20 for reason in REASONS.values())


def test_what_caught_a_mutant_is_there() -> None:
    assert [by for by in CAUGHT.values() if by and not document.is_there(by)] == []
    assert not document.is_there("tests/unit/mutations/test_program.py::test_that_is_gone[a]")


def test_the_nearest_tests_come_first() -> None:
    quick = tests_for.quick(ROOT, "components/callback.py", "dynamodb:Query")
    assert quick[0] == "tests/unit/components/test_callback.py"
    assert tests_for.quick(ROOT, "handlers/orders/payments_table.py", "a = :b")[0].endswith("/test_payment.py")
    about = tests_for.quick(ROOT, "components/policies.py", "xray:GetSamplingTargets")
    assert about[:2] == ["tests/unit/components/test_policies.py", "tests/unit/components/test_workflow.py"]
    assert all((ROOT / test).exists() for each in MUTANTS for test in tests_for.whole_stack(each.path))
