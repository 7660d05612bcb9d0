"""Trial of mutants, several at once: quick tests first, then the whole stack for survivors."""

import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from tests.mutations import running, tests_for
from tests.mutations.mutant import Mutant

QUICK_SECONDS = 900
WHOLE_STACK_SECONDS = 1800
"""Far more than the tests take on a slow machine; who gets there hangs."""

Far = Literal["known", "quick", "whole stack"]
"""The extent of the search for a test: the known one, the unit tests, or the end-to-end tests as well."""

Change: TypeAlias = Callable[[Path, Mutant], AbstractContextManager[None]]


@dataclass(frozen=True)
class Trial:
    """A mutant, the copy of the project to try it in, and the tests that pass without it."""

    mutant: Mutant
    root: Path
    sound: dict[str, bool]

    def caught_by(self, known: str | None, far: Far) -> str | None:
        """Return the test that catches the mutant. One that is known to is asked first."""
        caught = self._first_sound([[known]], QUICK_SECONDS) if known else None
        if caught is None and far != "known":
            caught = self._first_sound(list(_growing(self._quick())), QUICK_SECONDS)
        if caught is None and far == "whole stack":
            caught = self._first_sound([tests_for.whole_stack(self.mutant.path)], WHOLE_STACK_SECONDS)
        return caught

    def _quick(self) -> list[str]:
        return tests_for.quick(self.root, self.mutant.path, self.mutant.what)

    def _first_sound(self, groups: Sequence[Sequence[str]], seconds: float) -> str | None:
        """Return the first test that fails because of the change: one that fails without it as well tells nothing."""
        left_out: list[str] = []
        while (failed := self._first(running.changed, groups, left_out, seconds)) is not None:
            if failed in left_out:
                # It is no test, but the reading of one.
                return None
            if failed not in self.sound:
                self.sound[failed] = self._first(_unchanged, [[failed]], [], seconds) is None
            if self.sound[failed]:
                return failed
            left_out.append(failed)
        return None

    def _first(
        self, change: Change, groups: Sequence[Sequence[str]], left_out: Sequence[str], seconds: float
    ) -> str | None:
        with change(self.root, self.mutant):
            return running.first_failure(self.root, groups, left_out, seconds)


def tried(
    mutants: Sequence[Mutant], jobs: int, known: Mapping[str, str | None], far: Far
) -> Iterator[tuple[Mutant, str | None]]:
    """Try mutants; yield each with the test that caught it, as soon as it is known."""
    copies: queue.SimpleQueue[Path] = queue.SimpleQueue()
    # A sample is a part of all tests, which show by themselves that they pass without it.
    sound: dict[str, bool] = {test: True for test in known.values() if test and far == "known"}

    def one(mutant: Mutant) -> str | None:
        root = copies.get()
        try:
            return Trial(mutant, root, sound).caught_by(known.get(mutant.id), far)
        finally:
            copies.put(root)

    with ExitStack() as stack:
        for _ in range(jobs):
            copies.put(stack.enter_context(running.copy()))
        pool = stack.enter_context(ThreadPoolExecutor(jobs))
        running_trials = {pool.submit(one, mutant): mutant for mutant in mutants}
        for trial in as_completed(running_trials):
            yield running_trials[trial], trial.result()


def _growing(tests: Sequence[str]) -> Iterator[Sequence[str]]:
    """Groups of which each is twice as large as the one before: most mutants are caught by the first test file."""
    start, size = 0, 1
    while start < len(tests):
        yield tests[start : start + size]
        start, size = start + size, 2 * size


@contextmanager
def _unchanged(_root: Path, _mutant: Mutant) -> Iterator[None]:
    yield
