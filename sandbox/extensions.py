"""The services that moto lacks, and every patch of moto."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sandbox.calls import lookups
from sandbox.faults.injection import Faults
from sandbox.iam import passed_roles
from sandbox.interpreter import (
    assign_output,
    aws_sdk_tasks,
    cancellation,
    connections,
    copies,
    definition_api,
    distributed_maps,
    errors,
    execution_life,
    execution_lists,
    executions,
    field_paths,
    history_api,
    http_task,
    lambda_tasks,
    nested_executions,
    parsing,
    query_states,
    redrive,
    service_calls,
    service_errors,
    state_data,
    task_tokens,
    timeouts,
    versions,
)
from sandbox.patches import Patch
from sandbox.services import atomic_calls, instance_tracking, json_serializer, secure_transport
from sandbox.services.apigateway import http_api, stages
from sandbox.services.background import Background
from sandbox.services.backup import selections
from sandbox.services.cloudwatch import alarm_warm_up, composite_alarms
from sandbox.services.dynamodb import encryption as table_encryption
from sandbox.services.dynamodb import transactions
from sandbox.services.eventbridge import entries, replays, targets
from sandbox.services.eventbridge import keys as event_keys
from sandbox.services.eventbridge.schedules import Schedules
from sandbox.services.iam import managed_policies
from sandbox.services.lambda_ import archives, configuration, functions, invoke_api
from sandbox.services.lambda_.async_invocations import AsyncInvocations
from sandbox.services.logs import group_class, group_key, query_definitions
from sandbox.services.s3 import encryption as bucket_encryption
from sandbox.services.s3 import notification as bucket_notification
from sandbox.services.s3 import request_payment
from sandbox.services.s3 import tags as bucket_tags
from sandbox.services.secretsmanager import staging_labels
from sandbox.services.stepfunctions import running_executions


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
        # Stopped after the functions: killing their processes is what lets waiting jobs end.
        stack.callback(background.stop)
        lambdas = functions.Functions(endpoint_url)
        asynchronous = AsyncInvocations(lambdas, background, faults)
        apis = http_api.HttpApis(lambdas, faults)
        stack.callback(apis.stop)
        events = targets.Events(endpoint_url, asynchronous, background, faults)
        stack.enter_context(targets.step_functions_announced(events))
        schedules = Schedules(events)
        stack.callback(schedules.stop)
        # First of all: a request that waits for a function is answered once the function's process is gone.
        stack.callback(lambdas.stop)
        yield Services(background, lambdas, asynchronous, apis, events, schedules)


def patches(endpoint_url: str, running: Services) -> tuple[Patch, ...]:
    """Return every patch of the sandbox at `endpoint_url`. No attribute has two, so their order has no effect."""
    return (
        *alarm_warm_up.PATCHES,
        *archives.PATCHES,
        *assign_output.PATCHES,
        *atomic_calls.PATCHES,
        *aws_sdk_tasks.PATCHES,
        *bucket_encryption.PATCHES,
        *bucket_notification.PATCHES,
        *bucket_tags.PATCHES,
        *cancellation.PATCHES,
        *composite_alarms.PATCHES,
        *configuration.PATCHES,
        *connections.PATCHES,
        *copies.PATCHES,
        *definition_api.PATCHES,
        *distributed_maps.PATCHES,
        *entries.PATCHES,
        *errors.PATCHES,
        *event_keys.PATCHES,
        *execution_life.PATCHES,
        *execution_lists.PATCHES,
        *executions.PATCHES,
        *field_paths.PATCHES,
        *functions.patches(running.functions),
        *group_class.PATCHES,
        *group_key.PATCHES,
        *history_api.PATCHES,
        *http_api.patches(endpoint_url),
        *http_task.PATCHES,
        *instance_tracking.PATCHES,
        *invoke_api.patches(running.functions, running.asynchronous),
        *json_serializer.PATCHES,
        *lambda_tasks.PATCHES,
        *lookups.PATCHES,
        *nested_executions.PATCHES,
        *parsing.PATCHES,
        *passed_roles.PATCHES,
        *query_definitions.PATCHES,
        *managed_policies.PATCHES,
        *selections.PATCHES,
        *query_states.PATCHES,
        *redrive.PATCHES,
        *replays.PATCHES,
        *request_payment.PATCHES,
        *secure_transport.PATCHES,
        *service_calls.PATCHES,
        *service_errors.PATCHES,
        *stages.PATCHES,
        *staging_labels.PATCHES,
        *state_data.PATCHES,
        *table_encryption.PATCHES,
        *targets.patches(running.events),
        *task_tokens.PATCHES,
        *timeouts.PATCHES,
        *transactions.PATCHES,
        *versions.PATCHES,
    )
