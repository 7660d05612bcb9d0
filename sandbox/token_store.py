"""Task tokens that this process has issued, and the tasks that wait for them."""

import base64
import binascii
import hashlib
import os
import threading
from collections import OrderedDict
from typing import Any

from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.asl.eval.callback.callback import HeartbeatTimedOut

from sandbox.clock import clock

# AWS's tokens are some 700 characters of base64; clients must take 2,048 (SendTaskSuccess, taskToken).
TOKEN_BYTES = 510
_MARK_BYTES = 6
# Tokens of ended tasks are kept, to distinguish them from tokens that never existed.
CLOSED_TOKENS = 100_000


class TaskTimedOutError(AWSError):
    """The token was used, or the task it belongs to is over."""

    TYPE = "TaskTimedOut"

    def __init__(self) -> None:
        super().__init__("Task Timed Out: 'Provided task does not exist anymore'")


class TaskDoesNotExistError(AWSError):
    """A well-formed token that belongs to no task of this account."""

    TYPE = "TaskDoesNotExist"

    def __init__(self) -> None:
        super().__init__("Task Does Not Exist: 'Provided task does not exist'")


class InvalidTokenError(AWSError):
    """The text is not a task token."""

    TYPE = "InvalidToken"

    def __init__(self) -> None:
        super().__init__("Invalid Token: 'Invalid token'")


class WaitingTask:
    """One attempt of a task that waits for its token."""

    def __init__(self, state_machine_arn: str) -> None:
        self.state_machine_arn = state_machine_arn
        self._changed = threading.Condition()
        self._closed = False
        self._outcome: Any = None
        self._beat = clock.monotonic()

    def finish(self, outcome: Any) -> None:
        """Set the outcome of the task; only the first one counts. Raises TaskTimedOutError."""
        with self._changed:
            self._must_be_open()
            self._outcome = outcome
            self._changed.notify_all()

    def beat(self) -> None:
        """Restart its heartbeat. Raises TaskTimedOutError."""
        with self._changed:
            self._must_be_open()
            self._beat = clock.monotonic()
            self._changed.notify_all()

    def close(self) -> None:
        """End the wait for the token."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, seconds: float, heartbeat_seconds: float | None) -> Any:
        """Return the outcome, HeartbeatTimedOut, or None when the time is up or the execution has ended. Then close
        the wait.
        """
        deadline = clock.monotonic() + seconds
        with clock.waking(self._changed), self._changed:
            self._beat = clock.monotonic()
            while self._outcome is None and not self._closed:
                heartbeat = deadline if heartbeat_seconds is None else self._beat + heartbeat_seconds
                left = min(deadline, heartbeat) - clock.monotonic()
                if left <= 0:
                    self._closed = True
                    return HeartbeatTimedOut() if heartbeat < deadline else None
                self._changed.wait(left)
            self._closed = True
            return self._outcome

    def _must_be_open(self) -> None:
        if self._closed or self._outcome is not None:
            raise TaskTimedOutError


class Tokens:
    """Every token that this process has issued."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, WaitingTask] = {}
        self._closed: OrderedDict[str, str] = OrderedDict()

    def open(self, state_machine_arn: str) -> tuple[str, WaitingTask]:
        """Return a new token and the task of that state machine that waits for it."""
        token, task = new_token(), WaitingTask(state_machine_arn)
        with self._lock:
            self._open[token] = task
        return token, task

    def close(self, token: str) -> None:
        """Mark the token as expired: its task has ended."""
        with self._lock:
            task = self._open.pop(token)
            # Digests are enough, and need less memory.
            self._closed[_digest(token)] = task.state_machine_arn
            while len(self._closed) > CLOSED_TOKENS:
                self._closed.popitem(last=False)
        task.close()

    def waiting(self, token: str) -> WaitingTask | None:
        """Return the task that waits for the token, if one does."""
        with self._lock:
            return self._open.get(token)

    def state_machine_of(self, token: str) -> str | None:
        """Return the state machine that issued the token, even after the wait; None for an unknown token."""
        with self._lock:
            task = self._open.get(token)
            return task.state_machine_arn if task is not None else self._closed.get(_digest(token))

    def find(self, token: str) -> WaitingTask:
        """Return the waiting task. Raises InvalidTokenError, TaskTimedOutError or TaskDoesNotExistError."""
        with self._lock:
            task = self._open.get(token)
            if task is not None:
                return task
            if not _is_well_formed(token):
                raise InvalidTokenError
            raise TaskTimedOutError if _digest(token) in self._closed else TaskDoesNotExistError


tokens = Tokens()
"""The tokens of this process."""


def new_token() -> str:
    """Return a token that looks like AWS's: about 700 random characters of base64."""
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
