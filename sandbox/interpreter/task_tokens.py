"""Task tokens: one answer each, dead as soon as nobody waits for them, refused with AWS's errors.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

import base64
import binascii
import functools
import hashlib
import json
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import EmptyResult
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
    CallbackOutcomeTimedOut,
    HeartbeatTimedOut,
)
from moto.stepfunctions.parser.asl.eval.states import ContextObject
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.parser.utils import get_all_subclasses
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.interpreter.patch import replace
from sandbox.interpreter.waiting import call_within_deadline, on_halt, remaining, waits_for_token

# AWS's tokens are some 700 characters of base64; clients must take 2,048 (SendTaskSuccess, taskToken).
TOKEN_BYTES = 510
_MARK_BYTES = 6
# Tokens that nobody waits for any more are remembered, so that they are told from those that never were.
CLOSED_TOKENS = 100_000
# SendTaskSuccess, output: 262,144 bytes.
MAX_OUTPUT_BYTES = 262_144


class TaskTimedOutError(AWSError):
    """The token was used, or the task it belongs to is over."""

    TYPE = "TaskTimedOut"

    def __init__(self) -> None:
        super().__init__("Task Timed Out: 'Provided task does not exist anymore'")


class TaskDoesNotExistError(AWSError):
    """A token of the right form that no task of this account was given."""

    TYPE = "TaskDoesNotExist"

    def __init__(self) -> None:
        super().__init__("Task Does Not Exist: 'Provided task does not exist'")


class InvalidTokenError(AWSError):
    """Not a task token."""

    TYPE = "InvalidToken"

    def __init__(self) -> None:
        super().__init__("Invalid Token: 'Invalid token'")


class InvalidOutputError(AWSError):
    """The output is not JSON."""

    TYPE = "InvalidOutput"


class _Task:
    """One attempt of a task that waits for its token."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._closed = False
        self._outcome: Any = None
        self._beat = time.monotonic()

    def finish(self, outcome: Any) -> None:
        """Give the task its outcome; only the first one counts. Raises TaskTimedOutError."""
        with self._changed:
            self._must_be_open()
            self._outcome = outcome
            self._changed.notify_all()

    def beat(self) -> None:
        """Raises TaskTimedOutError."""
        with self._changed:
            self._must_be_open()
            self._beat = time.monotonic()
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, seconds: float, heartbeat_seconds: float | None) -> Any:
        """The outcome; HeartbeatTimedOut, or None when the time is up or the execution has ended. Then it is closed."""
        deadline = time.monotonic() + seconds
        with self._changed:
            self._beat = time.monotonic()
            while self._outcome is None and not self._closed:
                heartbeat = deadline if heartbeat_seconds is None else self._beat + heartbeat_seconds
                left = min(deadline, heartbeat) - time.monotonic()
                if left <= 0:
                    self._closed = True
                    return HeartbeatTimedOut() if heartbeat < deadline else None
                self._changed.wait(left)
            self._closed = True
            return self._outcome

    def _must_be_open(self) -> None:
        if self._closed or self._outcome is not None:
            raise TaskTimedOutError


class _Tokens:
    """Every token that was handed out in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, _Task] = {}
        self._closed: OrderedDict[str, None] = OrderedDict()

    def open(self) -> tuple[str, _Task]:
        token, task = new_token(), _Task()
        with self._lock:
            self._open[token] = task
        return token, task

    def close(self, token: str) -> None:
        with self._lock:
            task = self._open.pop(token)
            # Their digests are enough and keep the memory small.
            self._closed[_digest(token)] = None
            while len(self._closed) > CLOSED_TOKENS:
                self._closed.popitem(last=False)
        task.close()

    def waiting(self, token: str) -> _Task | None:
        with self._lock:
            return self._open.get(token)

    def find(self, token: str) -> _Task:
        """Raises InvalidTokenError, TaskTimedOutError or TaskDoesNotExistError."""
        with self._lock:
            task = self._open.get(token)
            if task is not None:
                return task
            if not _is_well_formed(token):
                raise InvalidTokenError
            raise TaskTimedOutError if _digest(token) in self._closed else TaskDoesNotExistError


_tokens = _Tokens()


def new_token() -> str:
    """A token as AWS's look: about 700 characters of base64 that say nothing."""
    content = os.urandom(TOKEN_BYTES)
    return base64.b64encode(b"\x01\x00" + hashlib.sha256(content).digest()[:_MARK_BYTES] + content).decode()


def _is_well_formed(token: str) -> bool:
    try:
        raw = base64.b64decode(token, validate=True)
    except (binascii.Error, ValueError):
        return False
    mark, content = raw[2 : 2 + _MARK_BYTES], raw[2 + _MARK_BYTES :]
    return len(content) == TOKEN_BYTES and mark == hashlib.sha256(content).digest()[:_MARK_BYTES]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@functools.cache
def install() -> None:
    """Give each attempt a token of its own and answer SendTask* as AWS does."""
    replace(ContextObject, "update_task_token", _update_task_token)
    execute = StateTaskServiceCallback._eval_execution
    wait_as_moto = StateTaskServiceCallback._eval_wait_for_task_token

    def execute_with_token(self: Any, env: Any) -> None:
        if not waits_for_token(self):
            execute(self, env)
            return
        token, task = _tokens.open()
        env.states.context_object.context_object_data["Task"] = {"Token": token}
        env.callback_pool_manager.add(token)
        try:
            with on_halt(env, task.close):
                execute(self, env)
        finally:
            env.callback_pool_manager._pool.pop(token, None)
            _tokens.close(token)

    def wait(self: Any, env: Any, timeout_seconds: int, callback_endpoint: Any, heartbeat_endpoint: Any) -> Any:
        token = callback_endpoint.callback_id
        task = _tokens.waiting(token)
        if task is None:
            return wait_as_moto(self, env, timeout_seconds, callback_endpoint, heartbeat_endpoint)
        outcome = task.wait(remaining(env), heartbeat_endpoint and heartbeat_endpoint._heartbeat_seconds)
        return CallbackOutcomeTimedOut(callback_id=token) if outcome is None else outcome

    replace(StateTaskServiceCallback, "_eval_execution", execute_with_token)
    replace(StateTaskServiceCallback, "_eval_wait_for_task_token", wait)
    for service in get_all_subclasses(StateTaskServiceCallback):
        if "_eval_service_task" in vars(service):
            replace(service, "_eval_service_task", _within_deadline(vars(service)["_eval_service_task"]))

    replace(StepFunctionsParserBackend, "send_task_success", _send_task_success)
    replace(StepFunctionsParserBackend, "send_task_failure", _send_task_failure)
    replace(
        StepFunctionsParserBackend, "send_task_heartbeat", lambda _self, task_token: _tokens.find(task_token).beat()
    )
    replace(StepFunctionResponse, "send_task_failure", _send_task_failure_response)


def _update_task_token(self: Any) -> str:
    token = new_token()
    self.context_object_data["Task"] = {"Token": token}
    return token


def _within_deadline(call: Callable[..., None]) -> Callable[..., None]:
    """The call to the service may block; the wait for the token that follows needs no thread of its own."""

    def call_service(self: Any, env: Any, **arguments: Any) -> None:
        if waits_for_token(self):
            call_within_deadline(env, lambda: call(self, env=env, **arguments))
        else:
            call(self, env=env, **arguments)

    return call_service


def _send_task_success(_self: Any, task_token: str, outcome: str) -> None:
    task = _tokens.find(task_token)
    try:
        json.loads(outcome)
    except ValueError as error:
        raise InvalidOutputError(f"Invalid Output: 'The output is not JSON: {error}'") from error
    if len(outcome.encode()) > MAX_OUTPUT_BYTES:
        raise InvalidOutputError(f"Invalid Output: 'The output is longer than {MAX_OUTPUT_BYTES} bytes'")
    task.finish(CallbackOutcomeSuccess(callback_id=task_token, output=outcome))


def _send_task_failure(_self: Any, task_token: str, error: str | None = None, cause: str | None = None) -> None:
    task = _tokens.find(task_token)
    task.finish(CallbackOutcomeFailure(callback_id=task_token, error=error, cause=cause))


def _send_task_failure_response(self: Any) -> EmptyResult:
    # moto forgets the cause.
    self.stepfunction_backend.send_task_failure(
        self._get_param("taskToken"), error=self._get_param("error"), cause=self._get_param("cause")
    )
    return EmptyResult()
