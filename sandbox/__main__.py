"""Run the program on an embedded AWS (`up`), serve the embedded AWS alone (`serve`), or list its `patches` of moto."""

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sandbox
from console import PREFIX
from ops.aws import sandboxes
from sandbox import command_line, memory
from sandbox.atomic_json import write_whole

if TYPE_CHECKING:
    from sandbox.faults import Plan
    from sandbox.server import Server

OUTPUTS = sandboxes.FOLDER
"""Outputs of running sandboxes: a file for each port, so that any number of them can run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Return the exit status of the process: 0, or 1 if it could not start."""
    options = command_line.parser(__doc__).parse_args(arguments)
    _asked_to_end.clear()
    # Both signals end the process in the same way: by leaving all contexts.
    _handle(_end)
    with contextlib.suppress(_EndedError), memory.starting():
        {"up": _up, "serve": _serve, "patches": _patches}[options.command](options)
    return 0


class _EndedError(Exception):
    """A signal asked the process to end."""


_asked_to_end = threading.Event()
"""Set by the signal, because Python drops an exception that a handler raises in a finalizer or a callback from C."""


def _end(_number: int, _frame: FrameType | None) -> None:
    _asked_to_end.set()
    # A second signal must not interrupt the clean shutdown that the first one began.
    _handle(signal.SIG_IGN)
    raise _EndedError


def _handle(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _serve(options: argparse.Namespace) -> None:
    from sandbox.faults import PlanError
    from sandbox.server import PortInUseError, Server

    with (
        _told(PortInUseError, PlanError),
        _plan(options.faults) as plan,
        Server(options.port, iam=options.iam, jsonpath=options.jsonpath) as server,
        _permissions_written(server, options.permissions),
        _with_faults(server, plan),
    ):
        _ready(server.endpoint_url)


def _patches(_options: argparse.Namespace) -> None:
    from sandbox.patches import table
    from sandbox.server import Server

    # Some patches need a running sandbox: its endpoint and its Lambda functions.
    with Server() as server:
        print(table(server.patches))


def _up(options: argparse.Namespace) -> None:
    from pulumi import RunError

    from sandbox.faults import PlanError
    from sandbox.program import DeploymentError
    from sandbox.server import PortInUseError
    from sandbox.stack import StackError

    config = dict(options.config)
    with (
        _told(PortInUseError, StackError, DeploymentError, RunError, PlanError),
        _plan(options.faults) as plan,
        sandbox.running(
            stack=options.stack,
            config=config,
            port=options.port,
            root=options.program,
            iam=options.iam,
            jsonpath=options.jsonpath,
        ) as aws,
        _permissions_written(aws.server, options.permissions),
        _with_faults(aws.server, plan),
    ):
        content = {**aws.outputs, "endpoint_url": aws.endpoint_url, "sandbox_pid": os.getpid()}
        with _written(options.outputs, content):
            _ready(aws.endpoint_url)


@contextlib.contextmanager
def _written(named: Path | None, outputs: Mapping[str, Any]) -> Iterator[None]:
    """Write the outputs to the named file, and to a file for this sandbox until it ends."""
    if named is not None:
        write_whole(named, outputs)
    own = OUTPUTS / f"{urlsplit(outputs['endpoint_url']).port}.json"
    write_whole(own, outputs)
    try:
        yield
    finally:
        own.unlink(missing_ok=True)


@contextlib.contextmanager
def _permissions_written(server: "Server", path: Path | None) -> Iterator[None]:
    try:
        yield
    finally:
        if path is not None:
            write_whole(path, server.permissions())


@contextlib.contextmanager
def _plan(path: Path | None) -> Iterator["Plan | None"]:
    """Read the plan before anything starts, so that an invalid one fails at once."""
    from sandbox.faults.reading import load

    yield None if path is None else load(path)


@contextlib.contextmanager
def _with_faults(server: "Server", plan: "Plan | None") -> Iterator[None]:
    """Apply the plan, and print at the end the faults that did not happen."""
    if plan is None:
        yield
        return
    server.faults.set(plan)
    try:
        yield
    finally:
        for fault in server.faults.never_fired:
            print(f"this fault of the plan '{plan.name}' never happened: {fault}", file=sys.stderr)


@contextlib.contextmanager
def _told(*kinds: type[Exception]) -> Iterator[None]:
    """Print an error that a user can act on without a traceback, and exit with status 1."""
    try:
        yield
    except kinds as error:
        text = error.strerror if isinstance(error, OSError) else str(error)
        sys.exit(f"error: {text}")


def _ready(endpoint_url: str) -> None:
    with _signals_told() as told:
        print(f"ready: every AWS API answers at {endpoint_url} (end with Ctrl-C)")
        print(f"console: {endpoint_url}{PREFIX}/", flush=True)
        memory.settle()
        if not _asked_to_end.is_set():
            os.read(told, 1)
    _handle(signal.SIG_IGN)
    raise _EndedError


@contextlib.contextmanager
def _signals_told() -> Iterator[int]:
    """Return a file that gets a byte with each signal.

    From here on, a signal raises nothing, because an exception could interrupt any code, such as a finalizer.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer)
    _handle(lambda _number, _frame: None)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)


if __name__ == "__main__":
    sys.exit(main())
