"""Wake waiting tasks when an execution stops."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped, ProgramTimedOut

from sandbox.clock import Alarm
from sandbox.patches import wrapped


@contextlib.contextmanager
def cancellation_alarm(env: Any) -> Iterator[Alarm]:
    """Return an alarm that rings when the environment stops running, for any reason."""
    alarm = Alarm()
    with on_cancellation(env, alarm.ring):
        yield alarm


@contextlib.contextmanager
def on_cancellation(env: Any, callback: Callable[[], None]) -> Iterator[None]:
    """Call back (once or more) when the environment stops running; at once if it has stopped already."""
    env.cancellation_callbacks.append(callback)
    try:
        if not env.is_running():
            callback()
        yield
    finally:
        env.cancellation_callbacks.remove(callback)


def _initialise(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
    self.cancellation_callbacks = []
    self.deadline = float("inf")
    original(self, *args, **kwargs)


def _announced(change: Callable[..., None], self: Any, *args: Any, **kwargs: Any) -> None:
    change(self, *args, **kwargs)
    if not self.is_running():
        for callback in list(self.cancellation_callbacks):
            callback()


def _timed_out(original: Callable[..., None], self: Any) -> None:
    # A timer that fires together with the end must not turn a finished execution into one that timed out.
    with self._state_mutex:
        if self.is_running():
            _announced(original, self)


def _failed(original: Callable[..., None], self: Any, error: Any) -> None:
    # A state that fails because its execution was stopped or timed out does not make the execution FAILED.
    with self._state_mutex:
        if not isinstance(self.program_state(), ProgramStopped | ProgramTimedOut):
            _announced(original, self, error)


PATCHES = (
    wrapped(Environment, "__init__", _initialise, "wakes nothing that waits when an execution ends"),
    wrapped(Environment, "set_ended", _announced, "wakes nothing that waits when an execution ends"),
    wrapped(Environment, "set_error", _failed, "wakes nothing at a failure, and fails what has been stopped"),
    wrapped(Environment, "set_stop", _announced, "wakes nothing that waits when an execution is stopped"),
    wrapped(Environment, "set_timed_out", _timed_out, "wakes nothing at a timeout, and times out what has ended"),
)
