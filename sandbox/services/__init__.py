"""The data planes that moto lacks: each module closes one gap, and goes when moto closes it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from sandbox.services import http_api, lambda_api, lambda_functions
from sandbox.services.background import Background
from sandbox.services.lambda_async import AsyncInvocations

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@contextmanager
def install_all(endpoint_url: str, emulator: "WSGIApplication") -> "Iterator[WSGIApplication]":
    """Install every extension for the sandbox at `endpoint_url`, and yield the application that serves them as well.

    At the end all that they started is ended.
    """
    with ExitStack() as stack:
        background = Background()
        # Entered first, left last: killing the functions' processes is what lets waiting jobs end.
        stack.callback(background.stop)
        functions = stack.enter_context(lambda_functions.install(endpoint_url))
        stack.enter_context(lambda_api.install(functions, AsyncInvocations(functions, background)))
        apis = stack.enter_context(http_api.install(endpoint_url, functions))
        # Before the APIs end: who waits for a function is answered once its process is gone.
        stack.callback(functions.stop)
        yield http_api.front(apis, emulator)
