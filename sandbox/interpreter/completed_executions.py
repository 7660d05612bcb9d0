"""Compressed histories of ended executions, in place of everything that they ran with."""

import functools
import pickle
import zlib
from typing import Any

from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.utils import TMP_THREADS

from sandbox.interpreter.patch import replace

# Ended threads are few bytes each; to look for them after each execution would cost more.
KEPT_THREADS = 1000


class PastHistory:
    """The events of an ended execution; takes the place of moto's event manager."""

    def __init__(self, events: Any) -> None:
        self._packed = zlib.compress(pickle.dumps(events, pickle.HIGHEST_PROTOCOL))

    def get_event_history(self) -> Any:
        """Return every event."""
        return pickle.loads(zlib.decompress(self._packed))  # noqa: S301 - what this process packed itself


class PastWorker:
    """Stands where the worker of an execution stood; there is nothing left to stop."""

    def __init__(self, events: Any) -> None:
        self.env = self
        self.event_manager = PastHistory(events)

    def stop(self, **_options: Any) -> None:
        """Do nothing: an execution ends once."""


@functools.cache
def install() -> None:
    """Let go of the parsed definition, the variables and the threads of an execution when it has ended."""
    run: Any = ExecutionWorker._execution_logic

    def run_and_let_go(self: Any) -> None:
        run(self)
        # The runs of a distributed Map are asked for after the end, too; they stand in the environment.
        if self.env is not None and not self.env.map_run_record_pool_manager.get_all():
            execution = self._execution_communication.execution
            execution.exec_worker = PastWorker(self.env.event_manager.get_event_history())
        if len(TMP_THREADS) > KEPT_THREADS:
            # moto keeps every thread that it ever started.
            TMP_THREADS[:] = [thread for thread in TMP_THREADS if thread.is_alive()]

    replace(ExecutionWorker, "_execution_logic", run_and_let_go)
