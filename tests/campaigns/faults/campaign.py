"""Tries faults on a path: many trials at once. Each has its own identity, and its faults match only that identity."""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Protocol

from sandbox.faults import Fault, Kind, Plan, Seen
from sandbox.faults.reading import as_json
from tests.campaigns.faults.stack import Stack
from tests.campaigns.faults.trials import Extent, Faults, Trial, new_number, pairs, sample, singles
from tests.proof import ledger

AT_ONCE = 12
BATCH = 48
SETTLE_SECONDS = 20
POLL_SECONDS, LONGEST_POLL_SECONDS, POLL_BACKOFF = 0.3, 2.0, 1.4
HALF_AN_HOUR = 35 * 60
"""After which the scheduled functions take for left behind what nobody has finished."""


class Path(Protocol):
    """A piece of work that a trial does from start to end; many can run at once."""

    @property
    def name(self) -> str: ...
    @property
    def usual(self) -> str: ...
    def text(self, number: str) -> str: ...
    def can_be_survived(self, fault: Fault) -> bool: ...
    def holds(self, number: str, tried: Fault | None) -> Faults: ...
    def start(self, number: str) -> None: ...
    def drive(self, number: str) -> None: ...
    def outcome(self, number: str) -> str: ...
    def broken(self, number: str) -> list[str]: ...


@dataclass
class Campaign:
    """Trials on one path, in one stack."""

    stack: Stack
    path: Path
    chance: random.Random
    trials: list[Trial] = field(default_factory=list)

    def go(self, extent: Extent) -> None:
        """Record the calls of the path, let them fail, and report the results.

        Raises AssertionError that names the faults that were not survived, and those that did not happen.
        """
        calls = self._recorded()
        every = [each for each in singles(calls) if self.path.can_be_survived(each[0])]
        self._run(every if extent.singles is None else sample(every, self.chance, extent.singles))
        both = pairs(calls, self.chance, extent.pairs)
        self._run([each for each in both if all(map(self.path.can_be_survived, each))])
        self._try_again()
        self._tell()

    def _recorded(self) -> list[Seen]:
        """Return every call of the path, from a run in which nothing fails."""
        number = new_number()
        if holds := self.path.holds(number, None):
            self.stack.control.set(Plan(name="hold", faults=holds))
        self.stack.control.record(self.path.text(number))
        self.path.start(number)
        self.path.drive(number)
        self._settle([Trial(number, ())])
        found = self.stack.control.recorded()
        if holds:
            self.stack.control.end()
        assert not self.path.broken(number), self.path.broken(number)
        assert self.path.outcome(number) == self.path.usual
        return found

    def _run(self, tried: Iterable[Faults]) -> None:
        """Try each of these, in batches; those that need the clock or cold functions for themselves one by one."""
        alone: list[Faults] = []
        together: list[Faults] = []
        for faults in tried:
            (alone if any(map(_is_alone, faults)) else together).append(faults)
        for batch in _batches(together, BATCH):
            self._try(batch)
        for faults in alone:
            # Its functions restart with empty caches.
            self.stack.control.move_clock(1)
            self._try([faults])

    def _try_again(self) -> None:
        """Try once more, one by one, what did not happen: among many, a callback may come too late to be early."""
        missed = [trial for trial in self.trials if not trial.happened]
        self.trials = [trial for trial in self.trials if trial.happened]
        for trial in missed:
            self._try([tuple(replace(fault, about=None) for fault in trial.faults)])

    def _try(self, batch: Sequence[Faults]) -> None:
        trials = []
        for faults in batch:
            number = new_number()
            about = self.path.text(number)
            trials.append(Trial(number, tuple(replace(fault, about=about) for fault in faults)))
        held = [each for trial in trials for each in self.path.holds(trial.number, trial.faults[0])]
        faults = (*(fault for trial in trials for fault in trial.faults), *held)
        self.stack.control.set(Plan(name=self.path.name, faults=faults))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._run_one, trials))
        left = self._settle(trials)
        never = self.stack.control.end()
        if left:
            # The scheduled functions process old data.
            self.stack.control.move_clock(HALF_AN_HOUR)
            self._settle(left)
        for trial in trials:
            trial.outcome = self.path.outcome(trial.number)
            trial.broken = self.path.broken(trial.number)
            trial.never_fired = [fault for fault in trial.faults if as_json(fault) in never]
        self.trials += trials

    def _run_one(self, trial: Trial) -> None:
        self.path.start(trial.number)
        self.path.drive(trial.number)

    def _settle(self, trials: Iterable[Trial]) -> list[Trial]:
        """Wait until everything holds for each; gives those for which something does not."""
        left = list(trials)
        deadline, pause = time.monotonic() + SETTLE_SECONDS, POLL_SECONDS
        while True:
            left = [trial for trial in left if self.path.broken(trial.number)]
            if not left or time.monotonic() > deadline:
                return left
            self.stack.sweep()
            time.sleep(pause)
            pause = min(pause * POLL_BACKOFF, LONGEST_POLL_SECONDS)

    def _tell(self) -> None:
        tried = [trial for trial in self.trials if trial.happened]
        print(f"\n{self.path.name}: faults tried, survived, and ended as without them")
        for kind in sorted({trial.kind for trial in tried}):
            of_kind = [trial for trial in tried if trial.kind == kind]
            survived = sum(not trial.broken for trial in of_kind)
            usual = sum(trial.outcome == self.path.usual for trial in of_kind)
            print(f"  {kind:<14} {len(of_kind):>5} {survived:>5} {usual:>5}")
            ledger.note("faults", kind, tried=len(of_kind), survived=survived)
        for trial in tried:
            if not trial.broken and trial.outcome != self.path.usual:
                print(f"  survived, but {trial}")
        problems = [str(trial) for trial in tried if trial.broken]
        problems += [f"never happened: {trial}" for trial in self.trials if not trial.happened]
        assert not problems, "\n".join([f"{len(problems)} trials of {self.path.name}:", *problems])


def _is_alone(fault: Fault) -> bool:
    return fault.kind is Kind.CLOCK or fault.call == "secretsmanager.GetSecretValue"


def _batches(items: Sequence[Faults], size: int) -> Iterator[Sequence[Faults]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
