"""The sandbox's clock, which runs like the machine's clock plus the time that it was moved forward.

It sets the date and time of this process and of the functions' processes, and drives every wait: timeouts, Wait
states, pauses before a retry, schedules, the age of events.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

# The longest timeout that a lock accepts; AWS ends a standard execution after one year.
LONGEST_SECONDS = 365 * 24 * 3600


class Clock:
    """A clock that can skip time, but never goes back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._woken: list[threading.Condition] = []
        self._skipped = 0.0
        self._ahead = 0.0
        self._travel: Any = None

    @property
    def ahead(self) -> float:
        """Seconds that the date and time are ahead of this machine's."""
        return self._ahead

    def monotonic(self) -> float:
        """Return seconds since an arbitrary time, including skipped ones, for deadlines of emulated services."""
        return time.monotonic() + self._skipped

    def move(self, seconds: float) -> None:
        """Move the clock forward.

        Raises ValueError unless they are more than 0.
        """
        if not seconds > 0:
            raise ValueError(f"the clock goes forward only: {seconds} seconds are not more than 0")
        with self._lock:
            self._shift(seconds)
            self._ahead += seconds
            self._skipped += seconds
            woken = list(self._woken)
        for condition in woken:
            with condition:
                condition.notify_all()

    def set_right(self) -> None:
        """Restore this machine's date and time."""
        with self._lock:
            travel, self._travel = self._travel, None
            self._ahead = 0.0
            if travel is not None:
                travel[0].stop()

    @contextmanager
    def waking(self, condition: threading.Condition) -> Iterator[None]:
        """Notify the condition whenever the clock moves, so that waiting threads check their deadlines."""
        with self._lock:
            self._woken.append(condition)
        try:
            yield
        finally:
            with self._lock:
                self._woken.remove(condition)

    def _shift(self, seconds: float) -> None:
        if self._travel is not None:
            self._travel[1].shift(seconds)
            return
        # Imported late: it takes a third of a second, and few sandboxes move their clock.
        import time_machine

        # It changes datetime and time for the whole process, moto's code included, and leaves time.monotonic alone.
        travel = time_machine.travel(timedelta(seconds=seconds))
        self._travel = (travel, travel.start())
        # Its time begins with the first read.
        time.time()


clock = Clock()
"""The clock of this process's sandbox."""


class Alarm:
    """A wait of one thread that another thread can end before its deadline."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = False

    def ring(self) -> None:
        """End the wait."""
        with self._changed:
            self._rung = True
            self._changed.notify_all()

    def wait(self, until: float) -> bool:
        """Wait until it rings (True) or `clock.monotonic()` reaches `until` (False)."""
        with clock.waking(self._changed), self._changed:
            while not self._rung and (left := until - clock.monotonic()) > 0:
                self._changed.wait(min(left, LONGEST_SECONDS))
            return self._rung
