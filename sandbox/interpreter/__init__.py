"""Where moto's Step Functions interpreter differs from AWS: one module for each gap, deleted when moto closes it."""

from sandbox.interpreter import (
    aws_sdk_tasks,
    definitions,
    errors,
    executions,
    http_task,
    query_states,
    redrive,
    status_events,
    task_tokens,
    waiting,
)


def install_all() -> None:
    """Close every gap in this process's moto. Calling it again changes nothing."""
    for gap in (
        errors,
        waiting,
        query_states,
        definitions,
        aws_sdk_tasks,
        http_task,
        task_tokens,
        executions,
        status_events,
        redrive,
    ):
        gap.install()
