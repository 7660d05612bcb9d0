"""Mutants of a few lines of code."""

import textwrap
from collections.abc import Callable

import pytest

from tests.mutations.finding import FINDERS
from tests.mutations.mutant import Kind, Source, mutants

Mutated = Callable[[Kind, str], dict[str, str]]


@pytest.fixture
def mutated() -> Mutated:
    """Return a function that gives the mutants of a kind: the removed part, and the changed line."""

    def find(kind: Kind, text: str) -> dict[str, str]:
        before = textwrap.dedent(text).strip()
        found = {}
        for each in mutants(Source("asl/some.py", before), kind, FINDERS[kind]):
            after = each.applied(before).splitlines()
            changed = [line for line in after if line not in before.splitlines()]
            found[each.what + (f" #{each.number}" if each.number > 1 else "")] = " ".join(map(str.strip, changed))
        return found

    return find
