"""The pool of containers, which chooses a warm or a new one for an invocation, or makes it wait."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.services.lambda_.container.processes import Container

# AWS scales a function to 1,000 containers; processes on a laptop are more expensive. Without reserved concurrency,
# an invocation waits for one of a few containers, and adds another if they are busy for long, as when they sleep.
# Only those few stay when idle.
CONTAINERS_PER_FUNCTION, CONTAINERS_AT_MOST = 4, 32
PATIENCE_SECONDS = 1.0
# After a burst, one container of each function stays warm: four of each would hold 1 GB for this program.
IDLE_SECONDS = 30.0

LATEST = "$LATEST"


def kept_warm(versions: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the versions whose last container stays: each function's `$LATEST` and its newest version.

    `versions` are ARNs with versions, in the order of their first calls. Only running executions call other versions.
    """
    known = list(versions)
    newest = {arn: version for arn, version in known if version != LATEST}
    return {(arn, version) for arn, version in known if version in (LATEST, newest.get(arn))}


class ThrottledError(Exception):
    """Every container that the function's reserved concurrency allows is busy."""


class StoppedError(Exception):
    """The sandbox is stopping."""


class Pool:
    """The containers of one version of one function."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._idle: list[tuple[Container, float]] = []
        self._busy: set[Container] = set()
        self._starting = 0
        self._kept = CONTAINERS_PER_FUNCTION
        self._revision: Any = None
        self._stopped = False

    def acquire(self, revision: Any, reserved: int | None, start: Callable[[], Container]) -> tuple[Container, bool]:
        """Return a container for one invocation, and whether `start` has just made it.

        A changed `revision` (the function's code and settings) retires the containers of the old one. `reserved` is the
        function's reserved concurrency: with it, ThrottledError is raised instead of waiting.
        """
        limit = CONTAINERS_PER_FUNCTION if reserved is None else reserved
        patience_ends = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            self._kept = limit
            if revision != self._revision:
                self._revision = revision
                self._retire_idle()
            while True:
                if self._stopped:
                    raise StoppedError
                if reserved is not None and self._in_use() >= limit:
                    raise ThrottledError
                if self._idle:
                    container, _ = self._idle.pop()
                    self._busy.add(container)
                    return container, False
                if self._in_use() < limit:
                    self._starting += 1
                    break
                self._changed.wait(patience_ends - time.monotonic() if limit < CONTAINERS_AT_MOST else None)
                if time.monotonic() >= patience_ends:
                    limit = CONTAINERS_AT_MOST
        return self._start(start), True

    def release(self, container: Container, revision: Any) -> None:
        """Take a container back: it stays warm if it is alive, up to date and needed."""
        with self._changed:
            self._busy.discard(container)
            is_current = container.alive and revision == self._revision and not self._stopped
            if is_current and len(self._idle) < self._kept:
                self._idle.append((container, time.monotonic()))
            else:
                container.stop()
            self._changed.notify_all()

    def end_unused(self, since: float, *, keep: int) -> None:
        """Stop the containers that have been idle since that value of `time.monotonic()`, except the last ones used."""
        with self._changed:
            spare = self._idle[: max(0, len(self._idle) - keep)]
            unused = [container for container, released in spare if released <= since]
            # The last one used is at the end of the list, and is the first to be used again.
            del self._idle[: len(unused)]
            for container in unused:
                container.stop()

    def _start(self, start: Callable[[], Container]) -> Container:
        try:
            container = start()
        except BaseException:
            with self._changed:
                self._starting -= 1
                self._changed.notify_all()
            raise
        with self._changed:
            self._starting -= 1
            self._busy.add(container)
            if self._stopped:
                container.kill()
        return container

    def stop(self) -> None:
        """Kill every container; callers that wait for one get StoppedError."""
        with self._changed:
            self._stopped = True
            self._retire_idle()
            for container in self._busy:
                container.kill()
            self._changed.notify_all()

    def _in_use(self) -> int:
        return len(self._busy) + self._starting

    def _retire_idle(self) -> None:
        for container, _ in self._idle:
            container.stop()
        self._idle.clear()
