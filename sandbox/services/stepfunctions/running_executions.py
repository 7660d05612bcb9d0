"""Stops Step Functions executions when the sandbox stops: a waiting one would hold its threads for a day."""

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from moto.stepfunctions.models import Execution
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.parser.utils import TMP_THREADS

STOP_SECONDS = 5.0


@contextmanager
def stopped_at_end() -> Iterator[None]:
    """At the end, stop every running execution, and wait for moto's threads of them."""
    try:
        yield
    finally:
        for execution in _running():
            # An execution may end by itself in the meantime.
            with contextlib.suppress(Exception):
                execution.stop(stop_date=datetime.now(UTC), error=None, cause=None)
        deadline = time.monotonic() + STOP_SECONDS
        threads: list[threading.Thread] = [*TMP_THREADS]
        for thread in threads:
            if thread.is_alive():
                thread.join(max(deadline - time.monotonic(), 0))
        # moto only adds to it, over all sandboxes of this process.
        TMP_THREADS.clear()


def _running() -> list[Execution]:
    return [
        execution
        for regions in [*stepfunctions_parser_backends.values()]
        for backend in [*regions.values()]
        for machine in [*backend.state_machines]
        for execution in [*machine.executions]
        if execution.status == "RUNNING"
    ]
