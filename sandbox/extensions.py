"""The services that moto lacks, and every patch of moto."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sandbox import calls, iam, interpreter
from sandbox import services as aws_services
from sandbox.faults.injection import Faults
from sandbox.interpreter import status_events
from sandbox.patches import Patch
from sandbox.services.apigateway import http_api
from sandbox.services.background import Background
from sandbox.services.eventbridge import targets
from sandbox.services.eventbridge.schedules import Schedules
from sandbox.services.lambda_ import functions, invoke_api
from sandbox.services.lambda_.async_invocations import AsyncInvocations
from sandbox.services.stepfunctions import running_executions

# `resources` modules belong to deployments, `container` runs in the processes of functions: neither patches moto.
_WITHOUT_PATCHES = {"resources", "container"}


@dataclass(frozen=True)
class Services:
    """The services that run beside moto for the lifetime of the sandbox."""

    background: Background
    functions: functions.Functions
    asynchronous: AsyncInvocations
    apis: http_api.HttpApis
    events: targets.Events
    schedules: Schedules


@contextmanager
def services(endpoint_url: str, faults: Faults) -> Iterator[Services]:
    """Start the services of the sandbox at `endpoint_url`; at the end, stop them and all that they started."""
    with ExitStack() as stack:
        stack.enter_context(running_executions.stopped_at_end())
        background = Background()
        # Stopped after the functions: waiting jobs end only when the functions' processes are killed.
        stack.callback(background.stop)
        lambdas = functions.Functions(endpoint_url)
        asynchronous = AsyncInvocations(lambdas, background, faults)
        apis = http_api.HttpApis(lambdas, faults)
        stack.callback(apis.stop)
        events = targets.Events(endpoint_url, asynchronous, background, faults)
        stack.enter_context(status_events.sink.set(events.put_and_wait))
        schedules = Schedules(events)
        stack.callback(schedules.stop)
        # First: a request that waits for a function gets its answer when the function's process is gone.
        stack.callback(lambdas.stop)
        yield Services(background, lambdas, asynchronous, apis, events, schedules)


def patches(endpoint_url: str, running: Services) -> tuple[Patch, ...]:
    """Return every patch of the sandbox at `endpoint_url`. No attribute has two, so their order has no effect.

    A module adds its patches with its own `PATCHES`; those below need running services.
    """
    return (
        *(patch for module in _modules() for patch in getattr(module, "PATCHES", ())),
        *functions.patches(running.functions),
        *http_api.patches(endpoint_url),
        *invoke_api.patches(running.functions, running.asynchronous),
        *targets.patches(running.events),
    )


def _modules() -> Iterator[Any]:
    for package in (calls, iam, interpreter, aws_services):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if _WITHOUT_PATCHES.isdisjoint(found.name.split(".")):
                yield importlib.import_module(found.name)
