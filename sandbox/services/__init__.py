"""The data planes that moto lacks: each module closes one gap, and goes when moto closes it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.calls import smithy_rpc, unimplemented
from sandbox.calls.front import Interceptor, front
from sandbox.faults.api_calls import ApiFaults
from sandbox.faults.injection import Faults
from sandbox.services import (
    answers,
    atomic_calls,
    event_entries,
    event_targets,
    http_api,
    instances,
    lambda_api,
    lambda_functions,
    queue_urls,
    replays,
    running_executions,
    schedules,
    secret_stages,
    transactions,
    transport,
)
from sandbox.services.background import Background
from sandbox.services.lambda_async import AsyncInvocations
from sandbox.services.schedules import Schedules

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class Services:
    """What the server needs of the extensions: `application` answers every request, the emulator's included."""

    application: "WSGIApplication"
    background: Background
    schedules: Schedules


@contextmanager
def install_all(
    endpoint_url: str, emulator: "WSGIApplication", faults: Faults, interceptors: Sequence[Interceptor] = ()
) -> Iterator[Services]:
    """Install every extension for the sandbox at `endpoint_url`; at the end all that they started is ended.

    The interceptors stand before the emulator, see sandbox.calls; before them all stand the faults, as the
    network does.
    """
    with ExitStack() as stack:
        for extension in (
            instances,
            answers,
            running_executions,
            atomic_calls,
            transactions,
            secret_stages,
            transport,
            event_entries,
            replays,
        ):
            stack.enter_context(extension.install())
        background = Background()
        # Entered first, left last: killing the functions' processes is what lets waiting jobs end.
        stack.callback(background.stop)
        functions = stack.enter_context(lambda_functions.install(endpoint_url))
        asynchronous = AsyncInvocations(functions, background, faults)
        stack.enter_context(lambda_api.install(functions, asynchronous))
        apis = stack.enter_context(http_api.install(endpoint_url, functions, faults))
        events = stack.enter_context(event_targets.install(endpoint_url, asynchronous, background, faults))
        timer = stack.enter_context(schedules.install(events))
        # Before the APIs end: who waits for a function is answered once its process is gone.
        stack.callback(functions.stop)
        answering = unimplemented.front(queue_urls.front(emulator))
        aws = smithy_rpc.front(front(answering, [ApiFaults(faults, functions.invocations), *interceptors]))
        yield Services(http_api.front(apis, aws), background, timer)
