"""Install what the sandbox adds to moto. Each module closes one gap, and goes when moto closes it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.calls import smithy_rpc, unimplemented
from sandbox.calls.front import Interceptor, front
from sandbox.faults.api_calls import ApiFaults
from sandbox.faults.injection import Faults
from sandbox.interpreter import (
    assign_output,
    aws_sdk_tasks,
    cancellation,
    completed_executions,
    connections,
    copies,
    definition_api,
    distributed_maps,
    errors,
    execution_lists,
    execution_logs,
    executions,
    history_api,
    http_task,
    lambda_tasks,
    nested_executions,
    parsing,
    query_states,
    redrive,
    sdk_metadata,
    service_errors,
    state_data,
    status_events,
    task_tokens,
    timeouts,
)
from sandbox.services import atomic_calls, instance_tracking, json_serializer, secure_transport
from sandbox.services.apigateway import http_api, stage_tags, stage_update
from sandbox.services.background import Background
from sandbox.services.cloudwatch import alarm_warm_up, composite_alarms
from sandbox.services.dynamodb import encryption as table_encryption
from sandbox.services.dynamodb import transactions
from sandbox.services.eventbridge import entries, replays, schedules
from sandbox.services.eventbridge import keys as event_keys
from sandbox.services.eventbridge import targets as event_targets
from sandbox.services.eventbridge.schedules import Schedules
from sandbox.services.lambda_ import functions as lambda_functions
from sandbox.services.lambda_ import invoke_api
from sandbox.services.lambda_.async_invocations import AsyncInvocations
from sandbox.services.logs import group_class, group_key, query_definitions
from sandbox.services.s3 import encryption as bucket_encryption
from sandbox.services.s3 import notification as bucket_notification
from sandbox.services.s3 import request_payment
from sandbox.services.s3 import tags as bucket_tags
from sandbox.services.secretsmanager import staging_labels
from sandbox.services.sqs import queue_urls
from sandbox.services.stepfunctions import running_executions

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class Services:
    """What the server needs of the extensions: `application` answers every request, the emulator's included."""

    application: "WSGIApplication"
    background: Background
    schedules: Schedules


@contextmanager
def data_planes(
    endpoint_url: str, emulator: "WSGIApplication", faults: Faults, interceptors: Sequence[Interceptor] = ()
) -> Iterator[Services]:
    """Install the data planes for the sandbox at `endpoint_url`, and stop them at the end.

    A request passes the faults first, as the network comes first, then the interceptors (see sandbox.calls), then the
    emulator.
    """
    with ExitStack() as stack:
        for extension in (
            instance_tracking,
            json_serializer,
            running_executions,
            atomic_calls,
            transactions,
            staging_labels,
            secure_transport,
            entries,
            replays,
        ):
            stack.enter_context(extension.install())
        background = Background()
        # Entered first, left last: killing the functions' processes is what lets waiting jobs end.
        stack.callback(background.stop)
        functions = stack.enter_context(lambda_functions.install(endpoint_url))
        asynchronous = AsyncInvocations(functions, background, faults)
        stack.enter_context(invoke_api.install(functions, asynchronous))
        apis = stack.enter_context(http_api.install(endpoint_url, functions, faults))
        events = stack.enter_context(event_targets.install(endpoint_url, asynchronous, background, faults))
        timer = stack.enter_context(schedules.install(events))
        # Before the APIs end: who waits for a function is answered once its process is gone.
        stack.callback(functions.stop)
        answering = unimplemented.front(queue_urls.front(emulator))
        aws = smithy_rpc.front(front(answering, [ApiFaults(faults, functions.invocations), *interceptors]))
        yield Services(http_api.front(apis, aws), background, timer)


def install_interpreter() -> None:
    """Correct moto's Step Functions interpreter in this process, for good. Calling it again changes nothing."""
    for gap in (
        copies,
        errors,
        cancellation,
        timeouts,
        parsing,
        state_data,
        query_states,
        assign_output,
        definition_api,
        distributed_maps,
        aws_sdk_tasks,
        connections,
        http_task,
        lambda_tasks,
        nested_executions,
        service_errors,
        sdk_metadata,
        task_tokens,
        executions,
        execution_lists,
        execution_logs,
        history_api,
        status_events,
        # Last: it lets go of what the others look at when an execution ends.
        completed_executions,
        redrive,
    ):
        gap.install()


_PROVIDER_CALLS = (
    alarm_warm_up,
    stage_tags,
    stage_update,
    bucket_encryption,
    bucket_notification,
    request_payment,
    bucket_tags,
    composite_alarms,
    event_keys,
    group_class,
    group_key,
    query_definitions,
    table_encryption,
)


@contextmanager
def provider_calls() -> Iterator[None]:
    """Add the calls of the AWS provider that moto lacks, while the context is open."""
    with ExitStack() as stack:
        for gap in _PROVIDER_CALLS:
            stack.enter_context(gap.install())
        yield
