"""The running invocations, by the X-Ray header in their calls of AWS APIs.

botocore takes the header from the container's environment, see `add_recursion_detection_header` in its handlers.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.services.lambda_.container.processes import Container


@dataclass(frozen=True)
class RunningInvocation:
    """One invocation, and its process."""

    event: str
    container: Container

    def kill(self) -> None:
        """Kill the process; the caller of the function gets the error that AWS would give."""
        self.container.kill()


class RunningInvocations:
    """All running invocations; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, RunningInvocation] = {}

    @contextmanager
    def running(self, trace: str, event: str, container: Container) -> Iterator[None]:
        """Register an invocation in this context."""
        with self._lock:
            self._running[trace] = RunningInvocation(event, container)
        try:
            yield
        finally:
            with self._lock:
                del self._running[trace]

    def find(self, trace: str | None) -> RunningInvocation | None:
        """Return the invocation whose calls have this header; None if there is none."""
        with self._lock:
            return self._running.get(trace or "")
