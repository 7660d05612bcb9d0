"""The Python runtime of a sandbox Lambda container, which runs the function's handler in the child process.

Errors, their names and the log lines are those of AWS's own runtime
(https://github.com/aws/aws-lambda-python-runtime-interface-client, awslambdaric/bootstrap.py). Standard library only.
"""

import importlib
import importlib.abc
import json
import logging
import os
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any, TextIO, cast

# Packages of every Python runtime of Lambda besides the standard library: boto3 and its dependencies.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
RUNTIME_PACKAGES = frozenset({"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"})
_TEXT_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"

_request_id = ""


class RuntimeFaultError(Exception):
    """An error of the runtime, not of the function: its errorType is `name`."""

    def __init__(self, name: str, message: str, trace: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.trace = list(trace)


class LambdaContext:
    """The context object (https://docs.aws.amazon.com/lambda/latest/dg/python-context.html)."""

    def __init__(self, invocation: dict[str, Any]) -> None:
        self.aws_request_id: str = invocation["requestId"]
        self.invoked_function_arn: str = invocation["arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.client_context = None
        self.identity = None
        self._deadline_ms: int = invocation["deadlineMs"]

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the function is timed out; never negative."""
        return max(self._deadline_ms - int(time.time() * 1000), 0)


class OnlyBundledPackages(importlib.abc.MetaPathFinder):
    """Refuses packages that are installed here but not in the function's zip, because AWS does not have them."""

    def __init__(self, bundled: Sequence[str]) -> None:
        self._allowed = {*bundled, *RUNTIME_PACKAGES, *sys.stdlib_module_names, "__main__", __name__}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - importlib's signature
        target: ModuleType | None = None,  # noqa: ARG002 - importlib's signature
    ) -> None:
        """Raise ModuleNotFoundError for a package that is not bundled; leave others to the next finder."""
        if not self.allows(fullname):
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)

    def allows(self, fullname: str) -> bool:
        """Return whether the function may import `fullname`."""
        return fullname.partition(".")[0] in self._allowed


def serve(invocations_fd: int, output_fd: int) -> None:
    """Run the container: read its description, import the handler, answer invocations until the socket closes.

    Messages are frames of a 4-byte length and JSON. The first frame is the container's description. Each
    answer is `{"payload": text}` or `{"error": {...}}`; the first one, `{}` or an error, is the result of the import.
    """
    with socket.socket(fileno=invocations_fd) as peer:
        container = receive(peer)
        if container is None:
            return
        _settle(container, output_fd)
        try:
            handler = _load_handler(os.environ["_HANDLER"])
        except Exception as error:
            send(peer, {"error": _error(error, request_id="")})
            raise SystemExit(1) from None
        send(peer, {})
        while (invocation := receive(peer)) is not None:
            send(peer, _run(handler, invocation))


def send(peer: socket.socket, message: dict[str, Any]) -> None:
    """Write one frame."""
    data = json.dumps(message).encode()
    peer.sendall(len(data).to_bytes(4, "big") + data)


def receive(peer: socket.socket) -> dict[str, Any] | None:
    """Read one frame; None when the other side has closed."""
    head = _read(peer, 4)
    data = head and _read(peer, int.from_bytes(head, "big"))
    return json.loads(data) if data else None


def _read(peer: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = peer.recv(size - len(data))
        if not part:
            return b""
        data += part
    return bytes(data)


def _settle(container: dict[str, Any], output_fd: int) -> None:
    """Set this process's environment, directory, output and importable packages to those of the function."""
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    os.close(output_fd)
    sys.stdout, sys.stderr = _output(1), _output(2)
    os.environ.clear()
    os.environ.update(container["environment"])
    time.tzset()
    os.chdir(container["taskRoot"])
    if container["aheadSeconds"]:
        # Its pytest plugin is not needed here, and importing pytest takes longer than a cold start.
        sys.modules.setdefault("pytest", cast("ModuleType", None))
        import time_machine

        # Like the sandbox itself, see sandbox.clock.
        time_machine.travel(timedelta(seconds=container["aheadSeconds"])).start()
        time.time()
    sys.path.insert(0, container["taskRoot"])
    finder = OnlyBundledPackages(container["packages"])
    sys.meta_path.insert(0, finder)
    for name in [*sys.modules]:
        # The library that moves the clock reads this module on every call for the time.
        if not finder.allows(name) and name != "time_machine":
            del sys.modules[name]
    _set_up_logging()


def _output(descriptor: int) -> TextIO:
    # Line by line, so that lines stay whole; backslashreplace, so that no character makes a print fail.
    return os.fdopen(os.dup(descriptor), "w", buffering=1, encoding="utf-8", errors="backslashreplace")


def _set_up_logging() -> None:
    class AddRequestId(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            record.aws_request_id = _request_id
            return True

    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    if os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON":
        handler.setFormatter(_JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter(_TEXT_FORMAT, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(AddRequestId())
    root = logging.getLogger()
    root.addHandler(handler)
    if level := os.environ.get("AWS_LAMBDA_LOG_LEVEL"):
        root.setLevel({"TRACE": "DEBUG", "FATAL": "CRITICAL", "WARN": "WARNING"}.get(level, level))


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": _request_id,
        }
        if record.exc_info and record.exc_info[0]:
            line |= {
                "stackTrace": traceback.format_exception(*record.exc_info),
                "errorType": record.exc_info[0].__name__,
                "errorMessage": str(record.exc_info[1]),
            }
        return json.dumps(line, default=str)


def _load_handler(name: str) -> Any:
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        reason = "not enough values to unpack (expected 2, got 1)"
        raise RuntimeFaultError("Runtime.MalformedHandlerName", f"Bad handler '{name}': {reason}")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise RuntimeFaultError("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        trace = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        message = f"Syntax error in module '{module_name}': {error}"
        raise RuntimeFaultError("Runtime.UserCodeSyntaxError", message, [trace]) from error
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise RuntimeFaultError("Runtime.HandlerNotFound", message) from None


def _run(handler: Any, invocation: dict[str, Any]) -> dict[str, Any]:
    global _request_id
    _request_id = invocation["requestId"]
    os.environ["_X_AMZN_TRACE_ID"] = invocation["traceId"]
    try:
        try:
            result = handler(json.loads(invocation["event"]), LambdaContext(invocation))
            return {"payload": _marshal(result)}
        except Exception as error:
            return {"error": _error(error, _request_id)}
    finally:
        # Lines that the handler printed reach the pipe before the answer reaches the socket.
        sys.stdout.flush()
        sys.stderr.flush()


def _marshal(result: Any) -> str:
    try:
        return result.decode(errors="replace") if isinstance(result, bytes) else json.dumps(result, default=_decimal)
    except Exception as error:
        raise RuntimeFaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def _decimal(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _error(error: Exception, request_id: str) -> dict[str, Any]:
    if isinstance(error, RuntimeFaultError):
        name, trace = error.name, error.trace
    else:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
        name, trace = type(error).__name__, traceback.format_list(frames)
    return {"errorMessage": str(error), "errorType": name, "requestId": request_id, "stackTrace": trace}
