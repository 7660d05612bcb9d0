"""The data planes that moto lacks: each module closes one gap, and goes when moto closes it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sandbox.services import lambda_api, lambda_functions
from sandbox.services.background import Background
from sandbox.services.lambda_async import AsyncInvocations


@contextmanager
def install_all(endpoint_url: str) -> Iterator[None]:
    """Install every extension for the sandbox at `endpoint_url`; at the end all that they started is ended."""
    with ExitStack() as stack:
        background = Background()
        # Entered first, left last: killing the functions' processes is what lets waiting jobs end.
        stack.callback(background.stop)
        functions = stack.enter_context(lambda_functions.install(endpoint_url))
        stack.enter_context(lambda_api.install(functions, AsyncInvocations(functions, background)))
        yield
