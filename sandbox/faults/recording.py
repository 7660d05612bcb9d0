"""Recording of a path's calls: a run without failures shows all faults that can be tried on it."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.faults.injection import Faults, Occasion
from sandbox.faults.kinds import API_KINDS, KINDS, Kind


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One call of a recorded path.

    Attributes:
        call, by: as in a plan; `by` is empty for a client without a role.
        nth: its number among this caller's calls of that name, from 1.
        has_condition: whether it is a conditional write.
        from_function: whether a function's process makes it.
    """

    call: str
    by: str
    nth: int
    has_condition: bool = False
    from_function: bool = False

    @property
    def kinds(self) -> list[Kind]:
        """Return the kinds of faults that fit this call."""
        unfit = set() if self.has_condition else {Kind.CONDITION}
        unfit |= set() if self.from_function else {Kind.KILL_BEFORE, Kind.KILL_AFTER}
        return sorted(KINDS.get(self.call, API_KINDS) - unfit)


@dataclass
class Recording:
    """The recorded calls, in order; safe to add to from any thread."""

    about: str | None = None
    calls: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[tuple[str, str]] = Counter()

    def add(self, occasion: Occasion) -> None:
        """Record a call if it matches `about`."""
        if self.about is not None and not occasion.contains(self.about):
            return
        by = next(iter(occasion.by), "")
        with self._lock:
            self._counted[occasion.call, by] += 1
            self.calls.append(
                Seen(
                    call=occasion.call,
                    by=by,
                    nth=self._counted[occasion.call, by],
                    has_condition=occasion.has_condition,
                    from_function=occasion.from_function,
                )
            )


@contextmanager
def recording(faults: Faults, about: str | None = None) -> Iterator[Recording]:
    """Record every call that can fail, in this context; with `about`, only those whose parameters contain this text."""
    found = Recording(about)
    with faults.telling(found.add):
        yield found
