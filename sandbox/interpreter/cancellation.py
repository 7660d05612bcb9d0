"""Wake waiting tasks when an execution stops."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

from moto.stepfunctions.parser.asl.eval.environment import Environment

from sandbox.clock import Alarm
from sandbox.interpreter.patch import replace


@contextlib.contextmanager
def halting(env: Any) -> Iterator[Alarm]:
    """An alarm that rings as soon as the environment stops running, whatever the reason."""
    alarm = Alarm()
    with on_halt(env, alarm.ring):
        yield alarm


@contextlib.contextmanager
def on_halt(env: Any, callback: Callable[[], None]) -> Iterator[None]:
    """Call back (once or more) when the environment stops running; at once if it does not run any more."""
    env.halt_callbacks.append(callback)
    try:
        if not env.is_running():
            callback()
        yield
    finally:
        env.halt_callbacks.remove(callback)


@functools.cache
def install() -> None:
    """Let every environment call back, see `on_halt`."""
    construct = replace(Environment, "__init__", lambda self, *args, **kwargs: initialise(self, *args, **kwargs))

    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        self.halt_callbacks = []
        self.deadline = float("inf")
        construct(self, *args, **kwargs)

    def announcing(change: Callable[..., None]) -> Callable[..., None]:
        def changed(self: Any, *args: Any, **kwargs: Any) -> None:
            change(self, *args, **kwargs)
            if not self.is_running():
                for callback in list(self.halt_callbacks):
                    callback()

        return changed

    for name in ("set_ended", "set_error", "set_stop"):
        replace(Environment, name, announcing(getattr(Environment, name)))

    time_out = announcing(Environment.set_timed_out)

    def set_timed_out(self: Any) -> None:
        # A timer that comes in the same instant as the end must not turn a finished execution into a timed out one.
        with self._state_mutex:
            if self.is_running():
                time_out(self)

    replace(Environment, "set_timed_out", set_timed_out)
