"""Timeouts and waits: a waiting execution takes one thread, and every wait ends when its execution does.

moto gives each execution a thread for its program, one for its timeout and one for each task. In moto, neither
StopExecution nor the machine's own timeout ends a wait for a task token, a Wait state or the pause before a retry.
"""

import contextlib
import heapq
import itertools
import threading
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.common.retry.max_attempts_decl import MaxAttemptsOutcome
from moto.stepfunctions.parser.asl.component.common.retry.retrier_outcome import RetrierOutcome
from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import Heartbeat
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import EvalTimeoutError, Timeout
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import (
    ActivityResource,
    Resource,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

from sandbox.clock import LONGEST_SECONDS, clock
from sandbox.interpreter.cancellation import cancellation_alarm
from sandbox.interpreter.copies import deep
from sandbox.interpreter.fifo_limiter import FifoLimiter
from sandbox.patches import replaced

# Without a limit, a thousand concurrent executions would time out each other's tasks, unlike on AWS.
TASKS_AT_ONCE = 32
_limiter = FifoLimiter(TASKS_AT_ONCE)


def remaining(env: Any) -> float:
    """Return the seconds until the task of this frame times out."""
    return float(max(0, min(env.deadline - clock.monotonic(), LONGEST_SECONDS)))


def call_within_deadline(frame: Any, call: Callable[[], None]) -> None:
    """Run a blocking call in a separate thread, within the task's time limit.

    Raises the error of the call, or EvalTimeoutError if it is not done in time or the execution ended.
    """
    failures: list[Exception] = []
    finished = False
    with cancellation_alarm(frame) as over:

        def run() -> None:
            nonlocal finished
            try:
                call()
            except Exception as failure:
                failures.append(failure)
            finished = True
            over.ring()

        threading.Thread(target=run, daemon=True).start()
        over.wait(frame.deadline)
    if failures:
        raise failures[0]
    if not finished:
        raise EvalTimeoutError


class _Deadlines:
    """Calls functions at given times, all from one thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def add(self, seconds: float, callback: Callable[[], None]) -> int:
        with self._changed:
            number = next(self._numbers)
            heapq.heappush(self._queue, (clock.monotonic() + seconds, number, callback))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="execution-timeouts", daemon=True)
                self._thread.start()
            self._changed.notify()
            return number

    def cancel(self, number: int) -> None:
        with self._changed:
            self._queue = [entry for entry in self._queue if entry[1] != number]
            heapq.heapify(self._queue)

    def _run(self) -> None:
        with clock.waking(self._changed):
            while True:
                self._call_next()

    def _call_next(self) -> None:
        with self._changed:
            wait = self._queue[0][0] - clock.monotonic() if self._queue else None
            if wait is None or wait > 0:
                self._changed.wait(None if wait is None else min(wait, LONGEST_SECONDS))
                return
            callback = heapq.heappop(self._queue)[2]
        callback()


_deadlines = _Deadlines()


def _evaluate_limit(self: Any, env: Any) -> None:
    EvalComponent.eval(self, env)
    if not env.is_running():
        # A stopped environment evaluates nothing, so the caller would pop a wrong value off the stack as the
        # limit. An event with that value, of a branch whose Parallel fails, would corrupt the history.
        self._eval_body(env)


def evaluate_with_timeout(self: Any, env: Any) -> None:
    """Evaluate a Task, Map or Parallel state, with at most TASKS_AT_ONCE concurrent tasks, each within its timeout."""
    with _limiter.permit(env) if _is_work(self) else contextlib.nullcontext():
        if env.is_running():
            _evaluate_in_time(self, env)


def _evaluate_in_time(self: Any, env: Any) -> None:
    self.timeout.eval(env=env)
    timeout_seconds = env.stack.pop()
    frame = env.open_frame()
    frame.states.reset(input_value=env.states.get_input())
    frame.stack = deep(env.stack)
    frame.deadline = clock.monotonic() + timeout_seconds
    try:
        if waits_for_token(self):
            self._eval_execution(frame)
        else:
            call_within_deadline(frame, lambda: self._eval_execution(frame))
    except Exception:
        if env.is_running():
            raise
    finally:
        output = frame.stack[-1] if frame.stack else None
        frame.set_ended()
        env.close_frame(frame)
    if not env.is_running():
        return

    env.stack.append(output)
    if not self._is_language_query_jsonpath():
        env.states.set_result(output)
    if self.assign_decl:
        self.assign_decl.eval(env=env)
    if self.result_selector:
        self.result_selector.eval(env=env)
    self.result_path.eval(env)


def _is_work(state: Any) -> bool:
    """Return whether the task works itself, instead of waiting for a token, an activity or another execution."""
    resource = getattr(state, "resource", None)
    return isinstance(resource, Resource) and not (
        isinstance(resource, ActivityResource) or getattr(resource, "condition", None)
    )


def waits_for_token(state: Any) -> bool:
    """Return whether this is a `.waitForTaskToken` task: it waits in the execution's own thread."""
    return getattr(getattr(state, "resource", None), "condition", None) == "waitForTaskToken"


def _wait_interval(_self: Any, env: Any, wait_seconds: float) -> None:
    with cancellation_alarm(env) as cancelled:
        cancelled.wait(clock.monotonic() + wait_seconds)


def _retry(self: Any, env: Any) -> None:
    self.error_equals.eval(env)
    if not env.stack.pop():
        env.stack.append(RetrierOutcome.Skipped)
        return
    self.max_attempts.eval(env=env)
    if env.stack.pop() == MaxAttemptsOutcome.EXHAUSTED:
        env.stack.append(RetrierOutcome.Failed)
        return
    for part in (self.interval_seconds, self.backoff_rate, self.max_delay_seconds, self.jitter_strategy):
        part.eval(env=env)
    _wait_interval(self, env, env.stack.pop())
    env.stack.append(RetrierOutcome.Executed)


def _run_program(self: Any, env: Any) -> None:
    env.next_state_name = self.start_at.start_at_name
    if self.timeout_seconds is None:
        EvalComponent.eval(self, env)
        return
    timer = _deadlines.add(self.timeout_seconds.timeout_seconds, env.set_timed_out)
    try:
        EvalComponent.eval(self, env)
    finally:
        _deadlines.cancel(timer)


PATCHES = (
    replaced(Timeout, "eval", _evaluate_limit, "leaves the stack without a limit when the execution has stopped"),
    replaced(Heartbeat, "eval", _evaluate_limit, "leaves the stack without a limit when the execution has stopped"),
    replaced(WaitFunction, "_wait_interval", _wait_interval, "does not end a Wait state with its execution"),
    replaced(retrier_decl.RetrierDecl, "_eval_body", _retry, "does not end the pause of a retry with its execution"),
    replaced(Program, "eval", _run_program, "gives each execution one more thread for its timeout"),
)
