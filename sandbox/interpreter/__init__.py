"""Where moto's Step Functions interpreter differs from AWS: one module for each gap, deleted when moto closes it."""

from sandbox import quick_start

# moto's interpreter, which the modules below import, is one of the imports that it makes quick.
quick_start.install()

from sandbox.interpreter import (  # noqa: E402
    assign_output,
    aws_sdk_tasks,
    connections,
    copies,
    definition_api,
    distributed_maps,
    errors,
    execution_lists,
    execution_logs,
    executions,
    halting,
    history_api,
    http_task,
    lambda_tasks,
    nested_executions,
    parsing,
    past_executions,
    query_states,
    redrive,
    sdk_metadata,
    service_errors,
    state_data,
    status_events,
    task_tokens,
    waiting,
)


def install_all() -> None:
    """Close every gap in this process's moto. Calling it again changes nothing."""
    for gap in (
        copies,
        errors,
        halting,
        waiting,
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
        past_executions,
        redrive,
    ):
        gap.install()
