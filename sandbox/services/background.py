"""Background work of AWS: asynchronous invocations, event deliveries and their retries."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

_log = logging.getLogger(__name__)

# Concurrent deliveries; further ones are queued.
WORKERS = 64


class Background:
    """A pool of threads for jobs that start now or after a delay."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="sandbox-background")
        self._changed = threading.Condition()
        self._delayed: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._unfinished = 0
        self._stopped = False
        self._here = threading.local()
        self._clock = threading.Thread(target=self._release_delayed, name="sandbox-delays", daemon=True)
        self._clock.start()

    def submit(self, job: Callable[[], None], delay: float = 0) -> None:
        """Run `job` in a thread, `delay` seconds from now. After stop() jobs are dropped."""
        with self._changed:
            if self._stopped:
                return
            self._unfinished += 1
            is_inline = delay <= 0 and getattr(self._here, "inline", False)
            if is_inline:
                pass
            elif delay > 0:
                heapq.heappush(self._delayed, (time.monotonic() + delay, next(self._order), job))
                self._changed.notify_all()
            else:
                self._pool.submit(self._run, job)
        if is_inline:
            self._run(job)

    @contextmanager
    def inline(self) -> Iterator[None]:
        """Run this thread's jobs without a delay at once, in this thread, within this context."""
        self._here.inline = True
        try:
            yield
        finally:
            self._here.inline = False

    def wait_idle(self, seconds: float) -> bool:
        """Wait until no job is running, waiting or delayed; False if that takes longer than `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._unfinished == 0, seconds)

    def stop(self) -> None:
        """Drop jobs that have not begun, and wait for the others."""
        with self._changed:
            self._stopped = True
            self._delayed.clear()
            self._changed.notify_all()
        self._clock.join()
        self._pool.shutdown(cancel_futures=True)

    def _run(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception:
            _log.exception("a background job of the sandbox failed")
        finally:
            with self._changed:
                self._unfinished -= 1
                self._changed.notify_all()

    def _release_delayed(self) -> None:
        with self._changed:
            while not self._stopped:
                now = time.monotonic()
                while self._delayed and self._delayed[0][0] <= now:
                    self._pool.submit(self._run, heapq.heappop(self._delayed)[2])
                self._changed.wait(self._delayed[0][0] - now if self._delayed else None)
