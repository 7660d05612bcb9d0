"""Limit of tasks that run at once; the others wait in order, before their timeouts begin to run."""

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

from sandbox.clock import Alarm
from sandbox.interpreter.cancellation import on_halt


class _Turn(Alarm):
    """One waiting task; signalled when it may run."""

    granted = False


class Turns:
    """A FIFO semaphore."""

    def __init__(self, places: int) -> None:
        self._changed = threading.Lock()
        self._free = places
        self._line: deque[_Turn] = deque()

    @contextlib.contextmanager
    def taken(self, env: Any) -> Iterator[None]:
        """Hold a place, and wait for one first; enters without one if the environment stops running meanwhile."""
        turn = _Turn()
        with on_halt(env, turn.ring):
            with self._changed:
                self._line.append(turn)
                self._grant()
            turn.wait(float("inf"))
        try:
            yield
        finally:
            with self._changed:
                if turn.granted:
                    self._free += 1
                else:
                    self._line.remove(turn)
                self._grant()

    def _grant(self) -> None:
        while self._free and self._line:
            turn = self._line.popleft()
            self._free -= 1
            turn.granted = True
            turn.ring()
