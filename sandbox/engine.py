"""In-process replacement for the Pulumi engine, which runs an unchanged program with mocks of its providers."""

import asyncio
import contextlib
import contextvars
import logging
import runpy
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import resource, rpc
from pulumi.runtime.config import set_all_config
from pulumi.runtime.mocks import MockMonitor, Mocks, set_mocks
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.settings import reset_options, set_root_resource
from pulumi.runtime.stack import run_in_stack

from sandbox.stack import DEFAULT_TAGS, Stack

# Pulumi reports the source lines of each resource to its engine. Mocks do not use them, and finding them took a
# tenth of a run.
vars(resource)["_get_stack_trace"] = source_pb2.StackTrace

_STACK_TYPE = "pulumi:pulumi:Stack"


def run(root: Path, stack: Stack, mocks: Mocks, *, preview: bool = False) -> dict[str, Any]:
    """Run `__main__.py` in `root` with `mocks` in place of the providers, and return the stack outputs.

    In a preview, outputs of a resource that the mocks leave out are unknown, as in the engine.

    Raises:
        Exception: any error of the program or of a resource.
    """
    # A new thread has its own event loop and context, so that runs in one process do not interfere.
    result: list[dict[str, Any]] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            result.append(contextvars.Context().run(_run, root, stack, mocks, preview))
        # Passed on to the caller's thread.
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=target, name="sandbox-program")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return result[0]


class _Monitor(MockMonitor):
    """A mock monitor that keeps the stack's outputs, which Pulumi's own drops."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.outputs: dict[str, Any] = {}

    # The name is that of the engine's call.
    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        # A URN's third part is the type, with the types of its parents before it.
        if request.urn.split("::")[2] == _STACK_TYPE:
            self.outputs = plain(rpc.deserialize_properties(request.outputs))
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # Pulumi's mocks are untyped


def _run(root: Path, stack: Stack, mocks: Mocks, preview: bool) -> dict[str, Any]:
    monitor = _Monitor(mocks)
    with contextlib.chdir(root), _importable(root):
        try:
            asyncio.run(_run_in_loop(root, stack, monitor, preview))
        finally:
            reset_options()
    return monitor.outputs


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an error of the event loop, except of a future that nothing awaited: the run reports the first failure."""
    if "future" not in context:
        loop.default_exception_handler(context)


async def _run_in_loop(root: Path, stack: Stack, monitor: _Monitor, preview: bool) -> None:
    asyncio.get_running_loop().set_exception_handler(_report)
    set_mocks(
        monitor.mocks,
        project=stack.project,
        stack=stack.name,
        preview=preview,
        monitor=monitor,
        logger=logging.getLogger("sandbox.engine"),
    )
    # set_mocks makes a finished stack for tests; a program needs one that collects its exports.
    set_root_resource(None)  # type: ignore[arg-type]  # the setter's annotation forgets the initial value
    set_all_config({key: value for key, value in stack.config.items() if key != DEFAULT_TAGS})
    program = root / "__main__.py"

    def main() -> None:
        runpy.run_path(str(program), run_name="__main__")

    await run_in_stack(main)


@contextlib.contextmanager
def _importable(root: Path) -> Iterator[None]:
    """Let the program import its packages from its own folder, as `python __main__.py` would."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))


def plain(value: Any) -> Any:
    """Convert a value of the engine's wire format: unwrap secrets, make whole numbers integers (it has only floats)."""
    if rpc.is_rpc_secret(value):
        return plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, pulumi.Output):
        raise TypeError("an input arrived unresolved")
    return value
