"""Tries faults on a path, many trials at once, each with an identity of its own that its faults are tied to."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Protocol

from sandbox.faults import Fault, Kind, Plan, Seen
from sandbox.faults.reading import as_json
from tests.campaigns.faults.stack import Stack
from tests.proof import ledger

AT_ONCE = 12
BATCH = 48
TIMEOUT_SECONDS, DELAY_SECONDS, CLOCK_SECONDS = 0.3, 0.5, 60.0
"""Longer than a task's own timeout is what the clock moves by."""

SETTLE_SECONDS = 20
POLL_SECONDS = 0.3
HALF_AN_HOUR = 35 * 60


class Path(Protocol):
    """Something that is done from its start to its end, any number of times at once."""

    @property
    def name(self) -> str: ...
    @property
    def usual(self) -> str: ...
    def text(self, number: str) -> str: ...
    def holds(self, number: str, tried: Fault | None) -> tuple[Fault, ...]: ...
    def start(self, number: str) -> None: ...
    def drive(self, number: str) -> None: ...
    def outcome(self, number: str) -> str: ...
    def broken(self, number: str) -> list[str]: ...


@dataclass
class Trial:
    """Faults tried together, and what came of it."""

    number: str
    faults: tuple[Fault, ...]
    never_fired: list[Fault] = field(default_factory=list)
    outcome: str = ""
    broken: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The row of the table."""
        return " + ".join(sorted({fault.kind for fault in self.faults})) if len(self.faults) == 1 else "pairs"

    def __str__(self) -> str:
        tried = " and ".join(str(replace(fault, about=None)) for fault in self.faults)
        return f"{tried}: {self.outcome or 'not ended'}, {'; '.join(self.broken) or 'fine'}"


_numbers = itertools.count(1)


def new_number() -> str:
    """An identity; none stands in another one."""
    return f"F{next(_numbers):05}"


def recorded(stack: Stack, path: Path) -> list[Seen]:
    """Every call of the path, from a run in which nothing fails."""
    number = new_number()
    if holds := path.holds(number, None):
        stack.set(Plan(name="hold", faults=holds))
    stack.record(path.text(number))
    path.start(number)
    path.drive(number)
    _settle([Trial(number, ())], path, SETTLE_SECONDS)
    # What comes after the end, such as its record, belongs to the path too.
    time.sleep(1)
    found = stack.recorded()
    if holds:
        stack.end()
    assert not path.broken(number), path.broken(number)
    assert path.outcome(number) == path.usual
    return found


def fault_of(seen: Seen, kind: Kind, times: int = 1) -> Fault:
    """The fault of that kind at that call."""
    seconds = {Kind.TIMEOUT: TIMEOUT_SECONDS, Kind.DELAY: DELAY_SECONDS, Kind.CLOCK: CLOCK_SECONDS}.get(kind)
    return Fault(call=seen.call, by=seen.by, nth=seen.nth, kind=kind, times=times, seconds=seconds)


def singles(calls: Iterable[Seen]) -> list[tuple[Fault, ...]]:
    """Every call, failing once in every way."""
    return [(fault_of(seen, kind),) for seen in calls for kind in seen.kinds]


def pairs(calls: Sequence[Seen], chance: random.Random, count: int) -> list[tuple[Fault, ...]]:
    """Two faults at two calls, at random."""
    found = []
    for _ in range(count):
        chosen = chance.sample(calls, 2)
        kinds = [[kind for kind in seen.kinds if kind is not Kind.CLOCK] for seen in chosen]
        found.append(tuple(fault_of(seen, chance.choice(kind)) for seen, kind in zip(chosen, kinds, strict=True)))
    return found


@dataclass
class Campaign:
    """Trials on one path, in one stack."""

    stack: Stack
    path: Path
    trials: list[Trial] = field(default_factory=list)

    def run(self, tried: Iterable[tuple[Fault, ...]]) -> None:
        """Try each of these, in batches; those that need the clock or cold functions for themselves one by one."""
        alone: list[tuple[Fault, ...]] = []
        together: list[tuple[Fault, ...]] = []
        for faults in tried:
            (alone if any(map(_is_alone, faults)) else together).append(faults)
        for batch in _batches(together, BATCH):
            self._try(batch)
        for faults in alone:
            # Its functions are gone and come anew with empty caches.
            self.stack.move_clock(1)
            self._try([faults])

    def _try(self, batch: Sequence[tuple[Fault, ...]]) -> None:
        trials = []
        for faults in batch:
            number = new_number()
            about = self.path.text(number)
            trials.append(Trial(number, tuple(replace(fault, about=about) for fault in faults)))
        held = [each for trial in trials for each in self.path.holds(trial.number, trial.faults[0])]
        faults = (*(fault for trial in trials for fault in trial.faults), *held)
        self.stack.set(Plan(name=self.path.name, faults=faults))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._run, trials))
        left = _settle(trials, self.path, SETTLE_SECONDS, lambda: self.stack.sweep())
        never = self.stack.end()
        if left:
            self._wait_long(left)
        for trial in trials:
            trial.outcome = self.path.outcome(trial.number)
            trial.broken = self.path.broken(trial.number)
            trial.never_fired = [fault for fault in trial.faults if as_json(fault) in never]
        self.trials += trials

    def _run(self, trial: Trial) -> None:
        self.path.start(trial.number)
        self.path.drive(trial.number)

    def _wait_long(self, trials: list[Trial]) -> None:
        """Let the scheduled functions do what they do with what is old."""
        self.stack.move_clock(HALF_AN_HOUR)
        _settle(trials, self.path, SETTLE_SECONDS, lambda: self.stack.sweep())

    def tell(self) -> None:
        """Print what was tried and what came of it, by kind, count it, and fail where something did not hold."""
        tried: Counter[str] = Counter()
        survived: Counter[str] = Counter()
        usual: Counter[str] = Counter()
        for trial in self.trials:
            if len(trial.never_fired) == len(trial.faults):
                continue
            tried[trial.kind] += 1
            survived[trial.kind] += not trial.broken
            usual[trial.kind] += trial.outcome == self.path.usual
        print(f"\n{self.path.name}: faults tried, survived, and ended as without them")
        for kind in sorted(tried):
            print(f"  {kind:<14} {tried[kind]:>5} {survived[kind]:>5} {usual[kind]:>5}")
            ledger.note("faults", kind, tried=tried[kind], survived=survived[kind])
        for trial in self.trials:
            if trial.never_fired:
                print(f"  never happened: {', '.join(map(str, trial.never_fired))}")
            elif not trial.broken and trial.outcome != self.path.usual:
                print(f"  survived, but {trial}")
        broken = [str(trial) for trial in self.trials if trial.broken]
        assert not broken, "\n".join([f"{len(broken)} trials of {self.path.name} were not survived:", *broken])


def _is_alone(fault: Fault) -> bool:
    return fault.kind is Kind.CLOCK or fault.call == "secretsmanager.GetSecretValue"


def _settle(
    trials: Iterable[Trial], path: Path, seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> list[Trial]:
    """Wait until everything holds for each; gives those for which something does not."""
    left = list(trials)
    deadline = time.monotonic() + seconds
    while True:
        left = [trial for trial in left if path.broken(trial.number)]
        if not left or time.monotonic() > deadline:
            return left
        meanwhile()
        time.sleep(POLL_SECONDS)


def _batches(items: Sequence[tuple[Fault, ...]], size: int) -> Iterator[Sequence[tuple[Fault, ...]]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
