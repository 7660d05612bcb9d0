"""The template process of the sandbox's Lambda, which has imported common packages, and forks a child per container.

It runs in a separate interpreter (see `processes`) and imports nothing from the project. A fork takes
milliseconds where a fresh interpreter with boto3, pydantic and Powertools takes most of a second; and unlike the
sandbox itself, which has many threads, this process has one, so that forking it is safe.
"""

import array
import contextlib
import functools
import gc
import importlib
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Callable

# Packages that nearly every function imports. A package may be missing here or in a function's bundle: the
# container removes those that its own zip lacks.
PRELOADED = (
    "boto3",
    "pydantic",
    "aws_lambda_powertools",
    "aws_lambda_powertools.metrics",
    "aws_lambda_powertools.utilities.data_classes",
    "aws_lambda_powertools.utilities.parameters",
    "aws_lambda_powertools.utilities.parser",
)
# Files that boto3's clients read, and the services that functions call most, so that they are parsed only once.
COMMON_DESCRIPTIONS = ("endpoints", "partitions", "sdk-default-configuration", "_retry")
SERVICE_DESCRIPTIONS = ("service-2", "endpoint-rule-set-1")
SERVICES = ("dynamodb", "s3", "secretsmanager", "sns", "stepfunctions")
# Each request is one byte that carries these: the container's invocation socket, its output pipe, its exit status pipe.
DESCRIPTORS_PER_REQUEST = 3


def main(control_fd: int, serve: Callable[[int, int], None], directory: str) -> None:
    """Fork a child that runs `serve(invocations_fd, output_fd)` per request on the control socket, until it closes.

    A child's status pipe gets its process id and, when it has ended, its wait status, a line each. Processes that an
    ended child left running are killed. At the end `directory`, which holds the functions' code, is removed: the
    sandbox itself may have been killed.
    """
    control = socket.socket(fileno=control_fd)
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    _share_descriptions()
    # Objects that never move again stay shared between the processes.
    gc.collect()
    gc.freeze()
    wake_reader, wake_writer = os.pipe()
    os.set_blocking(wake_reader, False)
    os.set_blocking(wake_writer, False)
    signal.set_wakeup_fd(wake_writer)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, int] = {}
    try:
        while True:
            ready, _, _ = select.select([control.fileno(), wake_reader], [], [])
            if wake_reader in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_reader, 4096)
                _reap(children)
            if control.fileno() in ready:
                descriptors = _receive(control)
                if descriptors is None:
                    break
                invocations, output, status = descriptors
                child = os.fork()
                if child == 0:
                    _become_container(serve, invocations, output, [control.fileno(), status, *children.values()])
                children[child] = status
                os.write(status, b"%d\n" % child)
                os.close(invocations)
                os.close(output)
    finally:
        for child in children:
            _kill_group(child)
        shutil.rmtree(directory, ignore_errors=True)


def _share_descriptions() -> None:
    """Share botocore's parsed files with containers, which halves the CPU time of a container's first client."""
    with contextlib.suppress(ImportError):
        loaders = importlib.import_module("botocore.loaders")
        load = loaders.JSONFileLoader.load_file
        load_once = functools.cache(lambda path: load(loaders.JSONFileLoader(), path))
        loaders.JSONFileLoader.load_file = lambda _loader, file_path: load_once(file_path)
        loader = loaders.Loader()
        for name in COMMON_DESCRIPTIONS:
            loader.load_data(name)
        for service in SERVICES:
            for name in SERVICE_DESCRIPTIONS:
                loader.load_service_model(service, name)


def _receive(control: socket.socket) -> "array.array[int] | None":
    message, descriptors, _, _ = socket.recv_fds(control, 1, DESCRIPTORS_PER_REQUEST)
    return array.array("i", descriptors) if message else None


def _become_container(serve: Callable[[int, int], None], invocations: int, output: int, foreign: list[int]) -> None:
    """Run one container in this freshly forked child, and never return."""
    code = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in foreign:
            os.close(descriptor)
        serve(invocations, output)
        code = 0
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _reap(children: dict[int, int]) -> None:
    for child, status_pipe in list(children.items()):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            _kill_group(child)
            del children[child]
            with contextlib.suppress(BrokenPipeError):
                os.write(status_pipe, b"%d\n" % status)
            os.close(status_pipe)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
