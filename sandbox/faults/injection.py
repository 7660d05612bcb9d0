"""Decides, at every call, whether it is the one that shall fail, and remembers what did."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.current import Current
from sandbox.faults.kinds import Kind
from sandbox.faults.known_calls import EVERY
from sandbox.faults.plan import Fault, Plan


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """A request or call that can fail.

    Attributes:
        call: its name, as in a plan.
        by: the names of its callers, the one of its role first.
        contains: whether its parameters, or its calling function's event, contain a text.
        has_condition: whether it is a conditional write.
        from_function: whether the function's own process makes it, and not just a caller with its role.
    """

    call: str
    by: tuple[str, ...]
    contains: Callable[[str], bool]
    has_condition: bool = False
    from_function: bool = False


@dataclass(frozen=True)
class Fired:
    """A fault that happened, the call, and its callers."""

    fault: Fault
    call: str
    by: tuple[str, ...]


class NeverFiredError(AssertionError):
    """Faults of a plan did not happen: a test with them has proved nothing."""


@dataclass
class _Entry:
    fault: Fault
    chance: random.Random
    met: int = 0
    fired: int = 0

    def is_due(self) -> bool:
        """Count a matching call, and tell whether it is to fail."""
        self.met += 1
        fault = self.fault
        if fault.share is not None:
            return self.chance.random() < fault.share
        return fault.nth <= self.met < fault.nth + fault.times


@dataclass
class Faults:
    """The faults of one sandbox: `with faults(plan): ...`, or `set` and `end`. One plan is in force at a time."""

    plan: Plan | None = None
    fired: list[Fired] = field(default_factory=list)
    """The faults of the current or last plan that happened."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[_Entry] = []
        self._by_call: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._recorders: list[Callable[[Occasion], None]] = []
        self._stopped = threading.Event()

    @property
    def is_looking(self) -> bool:
        """Return whether a plan or a recording needs the calls."""
        return self.plan is not None or bool(self._recorders)

    @property
    def never_fired(self) -> list[Fault]:
        """Return the faults of the current or last plan that did not happen."""
        return [entry.fault for entry in self._entries if not entry.fired]

    def set(self, plan: Plan) -> None:
        """Let a plan be in force, from the beginning; another one ends."""
        with self._lock:
            self.plan = plan
            self.fired = []
            # Nothing secret depends on this chance; the same seed has to give the same faults.
            self._entries = [
                _Entry(fault, random.Random(f"{plan.seed}/{number}"))  # noqa: S311
                for number, fault in enumerate(plan.faults)
            ]
            self._by_call = defaultdict(list)
            for entry in self._entries:
                self._by_call[entry.fault.call].append(entry)

    def end(self) -> None:
        """Let nothing fail any more."""
        with self._lock:
            self.plan = None
            self._by_call = defaultdict(list)

    @contextmanager
    def __call__(self, plan: Plan, *, all_must_fire: bool = True) -> Iterator["Faults"]:
        """Let a plan be in force in this context.

        Raises NeverFiredError at its end if a fault did not happen, unless that is allowed.
        """
        self.set(plan)
        try:
            yield self
        finally:
            self.end()
        if all_must_fire and self.never_fired:
            missing = "; ".join(map(str, self.never_fired))
            raise NeverFiredError(f"of the plan '{plan.name}' these never happened: {missing}")

    @contextmanager
    def telling(self, recorder: Callable[[Occasion], None]) -> Iterator[None]:
        """Tell of every call that could fail, in this context; the recorder may be called from many threads."""
        with self._lock:
            self._recorders.append(recorder)
        try:
            yield
        finally:
            with self._lock:
                self._recorders.remove(recorder)

    def meet(self, occasion: Occasion) -> Fault | None:
        """Count a call, and return the fault that is due, if any."""
        for recorder in list(self._recorders):
            recorder(occasion)
        service = occasion.call.partition(".")[0]
        with self._lock:
            due = None
            for entry in (*self._by_call[occasion.call], *self._by_call[f"{service}.{EVERY}"]):
                if _matches(entry.fault, occasion) and entry.is_due() and due is None:
                    due = entry
            if due is None:
                return None
            due.fired += 1
            self.fired.append(Fired(due.fault, occasion.call, occasion.by))
            return due.fault

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the sandbox lives."""
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """End every pause and the plan."""
        self.end()
        self._stopped.set()


in_force: Current[Faults] = Current(Faults())
"""The faults of this process's sandbox; without one, there are none."""


def _matches(fault: Fault, occasion: Occasion) -> bool:
    if fault.by is not None and fault.by not in occasion.by:
        return False
    if fault.kind is Kind.CONDITION and not occasion.has_condition:
        return False
    if fault.kind in (Kind.KILL_BEFORE, Kind.KILL_AFTER) and not occasion.from_function:
        return False
    return fault.about is None or occasion.contains(fault.about)
