"""A limit of concurrent tasks; the others wait in order, and their timeouts start only afterwards."""

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

from sandbox.clock import Alarm
from sandbox.interpreter.cancellation import on_cancellation


class _Waiter(Alarm):
    """One waiting task; signalled when it may run."""

    granted = False


class FifoLimiter:
    """A FIFO semaphore of `size` permits."""

    def __init__(self, size: int) -> None:
        self._changed = threading.Lock()
        self._free = size
        self._queue: deque[_Waiter] = deque()

    @contextlib.contextmanager
    def permit(self, env: Any) -> Iterator[None]:
        """Wait for a permit and hold it; enter without one if the environment stops running in the meantime."""
        waiter = _Waiter()
        with on_cancellation(env, waiter.ring):
            with self._changed:
                self._queue.append(waiter)
                self._grant()
            waiter.wait(float("inf"))
        try:
            yield
        finally:
            with self._changed:
                if waiter.granted:
                    self._free += 1
                else:
                    self._queue.remove(waiter)
                self._grant()

    def _grant(self) -> None:
        while self._free and self._queue:
            waiter = self._queue.popleft()
            self._free -= 1
            waiter.granted = True
            waiter.ring()
