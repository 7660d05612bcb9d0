"""Lambda containers as processes: started from the zygote, reused while warm, killed when they time out."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.services.lambda_.container.runtime import receive, send

# Time for a container to import its handler; after that, the import counts against the function's timeout.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
INIT_LIMIT_SECONDS = 10
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (LAMBDA_TASK_ROOT)
TASK_ROOT = "/var/task"
_START = (
    "import sys; sys.path.insert(0, {directory!r}); import zygote, runtime; sys.path.pop(0); "
    "zygote.main({control}, runtime.serve, {code!r})"
)
_STOP_SECONDS = 5
_PIPE_CHUNK = 65536


@dataclass(frozen=True)
class Answer:
    """A container's answer: `payload` (JSON text) or `error`, and in `output` what the function printed."""

    payload: str | None
    error: dict[str, Any] | None
    output: str


class Zygote:
    """The template process from which containers are forked."""

    def __init__(self, code_directory: Path) -> None:
        """Start the process. It removes `code_directory` when it ends."""
        self._control, theirs = socket.socketpair()
        self._lock = threading.Lock()
        code = _START.format(directory=str(Path(__file__).parent), control=theirs.fileno(), code=str(code_directory))
        # In a new session, so that Ctrl-C in a terminal reaches the sandbox only, which then ends the zygote in order.
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with code from this file
            [sys.executable, "-I", "-c", code],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()

    def fork(self) -> tuple[socket.socket, int, int]:
        """Start a container process; return its socket, and the read ends of its output and exit status pipes."""
        ours, theirs = socket.socketpair()
        output, output_writer = os.pipe()
        status, status_writer = os.pipe()
        try:
            with self._lock:
                socket.send_fds(self._control, [b"+"], [theirs.fileno(), output_writer, status_writer])
        finally:
            theirs.close()
            os.close(output_writer)
            os.close(status_writer)
        os.set_blocking(output, False)
        return ours, output, status

    def stop(self) -> None:
        """End the zygote with every container."""
        self._control.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Container:
    """One process that runs one function, one invocation at a time."""

    def __init__(self, zygote: Zygote, description: dict[str, Any]) -> None:
        """Start the process; it imports the handler by itself, see `initialize`."""
        self._socket, self._output, status = zygote.fork()
        self._status = os.fdopen(status)
        self._pid = int(self._status.readline())
        self.log_stream: str = description["environment"]["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._root: str = description["taskRoot"]
        self.alive = True
        self._deliver(description)

    def initialize(self, seconds: float) -> Answer:
        """Wait until the handler is imported; an answer with an error if that fails.

        Raises TimeoutError after `seconds`: the process is then killed.
        """
        answer = self._await(time.monotonic() + seconds)
        self.alive = answer.error is None
        return answer

    def invoke(self, invocation: dict[str, Any], seconds: float) -> Answer:
        """Run one invocation.

        Raises TimeoutError after `seconds`: the process is then killed.
        """
        self._deliver(invocation)
        return self._await(time.monotonic() + seconds)

    def stop(self) -> None:
        """Kill the process with its children. Only the thread that uses the container may call this."""
        if self.alive:
            self.kill()
        self._socket.close()
        self._status.close()
        os.close(self._output)

    def kill(self) -> None:
        """Kill the process from any thread; a caller that waits for its answer gets an error."""
        self.alive = False
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)

    def _deliver(self, message: dict[str, Any]) -> None:
        # _await notices a process that died in the meantime.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            send(self._socket, message)

    def _await(self, deadline: float) -> Answer:
        printed: list[bytes] = []
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        waiting.register(self._output, select.POLLIN)
        while True:
            left = deadline - time.monotonic()
            ready = {descriptor for descriptor, _ in waiting.poll(max(left, 0) * 1000)}
            if not ready:
                self.kill()
                raise TimeoutError(self._drain(printed))
            if self._socket.fileno() in ready:
                return self._answer(self._receive(), printed)
            if not self._read(printed):
                waiting.unregister(self._output)

    def _receive(self) -> dict[str, Any] | None:
        try:
            return receive(self._socket)
        except ConnectionResetError:
            return None

    def _answer(self, message: dict[str, Any] | None, printed: list[bytes]) -> Answer:
        if message is not None:
            error = message.get("error")
            if error is not None and "stackTrace" in error:
                error["stackTrace"] = [self._as_on_lambda(line) for line in error["stackTrace"]]
            return Answer(message.get("payload"), error, self._drain(printed))
        ended = select.poll()
        ended.register(self._status, select.POLLIN)
        if not ended.poll(_STOP_SECONDS * 1000):
            # The process closed its socket, but still runs.
            self.kill()
        self.alive = False
        reason = _exit_reason(int(self._status.readline() or 0))
        return Answer(None, {"errorType": "Runtime.ExitError", "errorMessage": reason}, self._drain(printed))

    def _drain(self, printed: list[bytes]) -> str:
        while self._read(printed):
            pass
        return self._as_on_lambda(b"".join(printed).decode(errors="replace"))

    def _as_on_lambda(self, text: str) -> str:
        """Return the text with Lambda's path of the code in place of this machine's."""
        return text.replace(self._root, TASK_ROOT)

    def _read(self, printed: list[bytes]) -> bool:
        try:
            part = os.read(self._output, _PIPE_CHUNK)
        except BlockingIOError:
            return False
        printed.append(part)
        return bool(part)


def _exit_reason(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    name = signal.strsignal(-code) or str(-code)
    return f"Runtime exited with error: signal: {name.lower()}"
