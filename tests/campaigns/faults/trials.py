"""Trials of a path: each call fails once in each way, and random pairs of these faults occur together."""

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from sandbox.faults import Fault, Kind, Seen

TIMEOUT_SECONDS, DELAY_SECONDS, CLOCK_SECONDS = 0.3, 0.5, 60.0
"""The clock moves by more than any task's own timeout."""

Faults = tuple[Fault, ...]


@dataclass(frozen=True)
class Extent:
    """The number of trials: single faults (None for all) and pairs."""

    singles: int | None
    pairs: int

    @classmethod
    def of(cls, *, at_length: bool) -> Self:
        """Return all of it, or a sample."""
        return cls(singles=None, pairs=100) if at_length else cls(singles=4, pairs=1)


@dataclass
class Trial:
    """Faults that are tried together, and the result."""

    number: str
    faults: Faults
    never_fired: list[Fault] = field(default_factory=list)
    outcome: str = ""
    broken: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return the row of the table."""
        return self.faults[0].kind if len(self.faults) == 1 else "pairs"

    @property
    def happened(self) -> bool:
        """Return whether anything was tried at all."""
        return len(self.never_fired) < len(self.faults)

    def __str__(self) -> str:
        tried = " and ".join(str(replace(fault, about=None)) for fault in self.faults)
        return f"{self.number}, {tried}: {self.outcome or 'not ended'}, {'; '.join(self.broken) or 'fine'}"


_numbers = itertools.count(1)


def new_number() -> str:
    """Return a new identity; no identity is part of another."""
    return f"F{next(_numbers):05}"


def fault_of(seen: Seen, kind: Kind) -> Fault:
    """Return a fault of this kind at this call."""
    seconds = {Kind.TIMEOUT: TIMEOUT_SECONDS, Kind.DELAY: DELAY_SECONDS, Kind.CLOCK: CLOCK_SECONDS}.get(kind)
    return Fault(call=seen.call, by=seen.by, nth=seen.nth, kind=kind, seconds=seconds)


def singles(calls: Iterable[Seen]) -> list[Faults]:
    """Return one trial for each call and each way in which it can fail."""
    return [(fault_of(seen, kind),) for seen in calls for kind in seen.kinds]


def pairs(calls: Sequence[Seen], chance: random.Random, count: int) -> list[Faults]:
    """Return trials of two random faults at two calls."""
    return [
        tuple(
            fault_of(seen, chance.choice([kind for kind in seen.kinds if kind is not Kind.CLOCK]))
            for seen in chance.sample(calls, 2)
        )
        for _ in range(count)
    ]


def sample(of: Sequence[Faults], chance: random.Random, count: int) -> list[Faults]:
    """Return a random sample of this size, spread evenly over the kinds."""
    shuffled = chance.sample(of, len(of))
    rank: dict[Kind, itertools.count[int]] = {}
    # The first ones of every kind come before the second ones of any.
    ranked = [(next(rank.setdefault(faults[0].kind, itertools.count())), faults) for faults in shuffled]
    return [faults for _, faults in sorted(ranked, key=lambda each: each[0])[:count]]
