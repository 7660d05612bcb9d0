"""Fault injection: decides for every call whether it fails, and records the faults that happened."""

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
        from_function: whether the function's process makes it, not only a caller with its role.
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
    """Some faults of a plan did not happen, so a test with them proves nothing."""


@dataclass
class _Entry:
    fault: Fault
    chance: random.Random
    met: int = 0
    fired: int = 0

    def is_due(self) -> bool:
        """Count a matching call, and return whether it fails."""
        self.met += 1
        fault = self.fault
        if fault.share is not None:
            return self.chance.random() < fault.share
        return fault.nth <= self.met < fault.nth + fault.times


@dataclass
class Faults:
    """The faults of one sandbox: `with faults(plan): ...`, or `set` and `end`. One plan is active at a time."""

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
        """Start a plan, and end any other."""
        with self._lock:
            self.plan = plan
            self.fired = []
            # Not for secrets; the same seed has to give the same faults.
            self._entries = [
                _Entry(fault, random.Random(f"{plan.seed}/{number}"))  # noqa: S311
                for number, fault in enumerate(plan.faults)
            ]
            self._by_call = defaultdict(list)
            for entry in self._entries:
                self._by_call[entry.fault.call].append(entry)

    def end(self) -> None:
        """End the plan: no call fails any more."""
        with self._lock:
            self.plan = None
            self._by_call = defaultdict(list)

    @contextmanager
    def __call__(self, plan: Plan, *, all_must_fire: bool = True) -> Iterator["Faults"]:
        """Apply a plan in this context.

        Raises NeverFiredError at the end if a fault did not happen, unless that is allowed.
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
        """Pass every call that could fail to the recorder, in this context; many threads may call it."""
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
        """Wait, but not longer than the sandbox runs."""
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """End every pause and the plan."""
        self.end()
        self._stopped.set()


in_force: Current[Faults] = Current(Faults())
"""The faults of this process's sandbox; none without a sandbox."""


def _matches(fault: Fault, occasion: Occasion) -> bool:
    if fault.by is not None and fault.by not in occasion.by:
        return False
    if fault.kind is Kind.CONDITION and not occasion.has_condition:
        return False
    if fault.kind in (Kind.KILL_BEFORE, Kind.KILL_AFTER) and not occasion.from_function:
        return False
    return fault.about is None or occasion.contains(fault.about)
