"""Compressed histories of ended executions, which replace their interpreter's data."""

import pickle
import zlib
from typing import Any

from moto.stepfunctions.parser.utils import TMP_THREADS

# An ended thread takes few bytes; a search for them after each execution would cost more.
KEPT_THREADS = 1000


class CompressedHistory:
    """The events of an ended execution; replaces moto's event manager."""

    def __init__(self, events: Any) -> None:
        self._packed = zlib.compress(pickle.dumps(events, pickle.HIGHEST_PROTOCOL))

    def get_event_history(self) -> Any:
        """Return every event."""
        return pickle.loads(zlib.decompress(self._packed))  # noqa: S301 - what this process packed itself


class CompletedWorker:
    """Replaces the worker of a completed execution; it only holds the history."""

    def __init__(self, events: Any) -> None:
        self.env = self
        self.event_manager = CompressedHistory(events)

    def stop(self, **_options: Any) -> None:
        """Do nothing: an execution ends once."""


def let_go(execution: Any, environment: Any) -> None:
    """Release the parsed definition, the variables and the threads of an execution that has ended."""
    # Clients can read the runs of a distributed Map after the end, too; the environment holds them.
    if environment is not None and not environment.map_run_record_pool_manager.get_all():
        execution.exec_worker = CompletedWorker(environment.event_manager.get_event_history())
    if len(TMP_THREADS) > KEPT_THREADS:
        # moto keeps every thread that it has started.
        TMP_THREADS[:] = [thread for thread in TMP_THREADS if thread.is_alive()]
