"""Tries many cases of one kind, counts them, and says how to repeat each failed one."""

import os
import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from tests.proof import ledger

SEED, CASE = "HOSTILE_SEED", "HOSTILE_CASE"
"""Environment variables: the seed to use, and the number of the one case to try."""

USUAL_SEED = 1
"""The seed of the short version, so that it tries the same cases on every machine."""

SHOWN_CASES, SHOWN_CHARACTERS = 8, 1_000

Case = TypeVar("Case")


@dataclass(frozen=True)
class Campaign(Generic[Case]):
    """Cases of one kind. A case follows from the seed, the kind and its number alone.

    Attributes:
        kind: the kind of proof, by its name in the table of proofs.
        seed: of all cases.
        count: how many there are.
        make: makes a case.
        check: raises where it was not answered well.
        workers: how many cases are checked at once.
    """

    kind: str
    seed: int
    count: int
    make: Callable[[random.Random], Case]
    check: Callable[[Case], None]
    workers: int = 1

    def run(self) -> None:
        """Try all cases, also after one has failed. Raises AssertionError that names those that failed."""
        only = os.environ.get(CASE)
        numbers = range(self.count) if only is None else [int(only)]
        failures = [told for told in self._all(numbers) if told]
        ledger.note("bad inputs", self.kind, tried=len(numbers), answered_well=len(numbers) - len(failures))
        shown = "\n\n".join(failures[:SHOWN_CASES])
        assert not failures, f"{len(failures)} of {len(numbers)} cases were not answered well:\n{shown}"

    def _all(self, numbers: Sequence[int]) -> Iterator[str | None]:
        if self.workers == 1:
            yield from map(self._failure, numbers)
            return
        with ThreadPoolExecutor(self.workers) as pool:
            yield from pool.map(self._failure, numbers)

    def _failure(self, number: int) -> str | None:
        case = self.make(random.Random(f"{self.seed}/{self.kind}/{number}"))
        try:
            self.check(case)
        except Exception as error:
            again = f"{SEED}={self.seed} {CASE}={number}"
            return f"{self.kind}, {again}\n  {_cut(repr(case))}\n  {type(error).__name__}: {_cut(str(error))}"
        return None


def chosen_seed(*, at_length: bool) -> int:
    """Return the seed that the environment names; else the usual one, or, at full length, a new one for each run."""
    named = os.environ.get(SEED)
    if named is not None:
        return int(named)
    return secrets.randbelow(1_000_000) if at_length else USUAL_SEED


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}... ({len(text)} characters)"
