"""The emulator: moto in this process, with the extensions that it lacks, on one HTTP port."""

import contextlib
import functools
import logging
import os
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any
from unittest import mock

from sandbox import quick_start

# It speeds up the imports below.
quick_start.install()

from moto.core.config import default_user_config  # noqa: E402
from moto.moto_api._internal.models import moto_api_backend  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication  # noqa: E402

from console import serving  # noqa: E402
from console.serving import Console  # noqa: E402
from sandbox import (  # noqa: E402
    direct,
    extensions,
    origin_guard,
)
from sandbox.calls import interceptors, smithy_rpc, unimplemented  # noqa: E402
from sandbox.calls.interceptors import Interceptor  # noqa: E402
from sandbox.calls.services import Service  # noqa: E402
from sandbox.clients import REGION, Clients  # noqa: E402
from sandbox.clock import clock  # noqa: E402
from sandbox.faults import control, injection  # noqa: E402
from sandbox.faults.api_calls import ApiFaults  # noqa: E402
from sandbox.faults.injection import Faults  # noqa: E402
from sandbox.http_server import HttpServer, PortInUseError  # noqa: E402
from sandbox.iam import enforcement  # noqa: E402
from sandbox.iam.enforcement import Enforcement  # noqa: E402
from sandbox.iam.usage import Usage  # noqa: E402
from sandbox.interpreter import definition_api  # noqa: E402
from sandbox.patches import Patch, applied  # noqa: E402
from sandbox.services.apigateway import http_api  # noqa: E402
from sandbox.services.sqs import queue_urls  # noqa: E402

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["PortInUseError", "Server"]

_running = threading.Lock()


class Server:
    """One embedded AWS at `http://{host}:{port}`; port 0 takes a free one.

    Use it as a context manager, or call start() and stop(). Without `iam`, every role may do everything. With
    `jsonpath`, definitions may use JSONPath, which moto evaluates differently from AWS.
    moto's state is global to its process, so a process holds one running Server at a time.
    """

    def __init__(self, port: int = 0, host: str = "127.0.0.1", *, iam: bool = True, jsonpath: bool = False) -> None:
        self.host = host
        self.port = port
        self._jsonpath = jsonpath
        self.faults = Faults()
        self._usage = Usage()
        self._enforcement = Enforcement(self._usage) if iam else None
        self._exit: contextlib.ExitStack | None = None
        self._services: extensions.Services | None = None
        self._console: Console | None = None
        self.patches: tuple[Patch, ...] = ()
        """The patches of moto while the server runs."""

    @property
    def console(self) -> Console:
        """Return the console; known once the server has started."""
        if self._console is None:
            raise RuntimeError("the sandbox is not running")
        return self._console

    @property
    def endpoint_url(self) -> str:
        """Return the URL of every AWS API; known once the server has started."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Serve an empty AWS.

        Raises PortInUseError if the port is taken, RuntimeError if this process already runs a Server.
        """
        if not _running.acquire(blocking=False):
            raise RuntimeError("this process already runs a sandbox; start another one in a process of its own")
        with contextlib.ExitStack() as stack:
            stack.callback(_running.release)
            stack.callback(clock.set_right)
            emulator = DomainDispatcherApplication(Service)  # type: ignore[arg-type]  # it calls what it makes
            http = HttpServer(self.host, self.port, emulator)
            stack.callback(http.server_close)
            self.port = http.port
            stack.enter_context(_environment(self.port))
            settings = default_user_config["stepfunctions"]
            stack.enter_context(mock.patch.dict(settings, execute_state_machine=True))
            stack.enter_context(_quiet_logs())
            moto_api_backend.reset()
            stack.enter_context(definition_api.jsonpath_allowed.set(self._jsonpath))
            stack.enter_context(enforcement.in_force.set(self._enforcement))
            with contextlib.ExitStack() as started:
                self._services = started.enter_context(extensions.services(self.endpoint_url, self.faults))
                self.patches = extensions.patches(self.endpoint_url, self._services)
                stack.enter_context(applied(self.patches))
                stack.callback(http.stop)
                # Ended before the server: a request that waits for a function gets its answer when its process is gone.
                stack.push(started.pop_all())
            stack.enter_context(injection.in_force.set(self.faults))
            # Called first: a pause of a fault must not keep the server from stopping.
            stack.callback(self.faults.stop)
            self._console = Console(self.endpoint_url, lambda: Clients(self.endpoint_url))
            http.app = self._pipeline(self._console, self._services, emulator)
            stack.enter_context(direct.serving.set(http))
            http.start()
            self._exit = stack.pop_all()

    def stop(self) -> None:
        """Stop the server with every thread, Lambda process and timer that it started. A second call has no effect."""
        stack, self._exit = self._exit, None
        if stack is not None:
            stack.close()

    def wait_idle(self, seconds: float) -> bool:
        """Wait until every asynchronous invocation and event delivery is done; False if that takes longer."""
        return self._running().background.wait_idle(seconds)

    def tick(self, rule_name: str) -> None:
        """Fire a scheduled rule of the default bus now; raises UnknownRuleError if there is none of that name."""
        self._running().schedules.tick(rule_name)

    def move_clock(self, seconds: float) -> None:
        """Move the clock forward, see sandbox.clock; raises ValueError unless `seconds` is more than 0."""
        self._running()
        clock.move(seconds)

    def permissions(self) -> list[dict[str, Any]]:
        """Return every permission of every role and whether a call used it: `{role, action, resource, used}`."""
        return self._usage.report()

    def _pipeline(
        self, console: Console, services: extensions.Services, emulator: "WSGIApplication"
    ) -> "WSGIApplication":
        """Return the application: each layer answers a request itself or passes it to the next one."""
        call_interceptors: list[Interceptor] = [ApiFaults(self.faults, services.functions.invocations)]
        if self._enforcement is not None:
            call_interceptors.append(self._enforcement)
        layers: tuple[Callable[[WSGIApplication], WSGIApplication], ...] = (
            origin_guard.middleware,  # refuses foreign web pages
            functools.partial(control.middleware, self.faults),  # faults, recording and the clock, below /_holdpoint/
            functools.partial(serving.middleware, console),  # the console, below /_holdpoint/
            functools.partial(http_api.middleware, services.apis),  # the stack's HTTP APIs, below /_apis/
            smithy_rpc.middleware,  # translates CBOR to JSON
            functools.partial(interceptors.middleware, call_interceptors),  # faults of API calls, then IAM
            unimplemented.middleware,  # answers 501 where moto lacks an operation
            queue_urls.middleware,  # refuses unsigned requests for queues
        )
        return functools.reduce(lambda inner, layer: layer(inner), reversed(layers), emulator)

    def _running(self) -> extensions.Services:
        if self._services is None or self._exit is None:
            raise RuntimeError("the sandbox is not running")
        return self._services

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextlib.contextmanager
def _environment(port: int) -> Iterator[None]:
    """Set the environment from which moto's own clients (Step Functions' tasks) take endpoint and credentials."""
    wanted = {
        "MOTO_PORT": str(port),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _quiet_logs() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("werkzeug", "moto")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
