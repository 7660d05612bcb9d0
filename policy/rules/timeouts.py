"""A called function times out before its caller does."""

from collections.abc import Iterator

from pulumi_policy import (
    EnforcementLevel,
    PolicyResource,
    ReportViolation,
    StackValidationArgs,
    StackValidationPolicy,
)

from rules.definitions import State, parsed, seconds, tasks
from rules.links import calls, of_type, refers
from rules.reading import known

FUNCTION = "aws:lambda/function:Function"

FUNCTION_SECONDS = 3
"""The default timeout of a function. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"""

INTEGRATION_MILLISECONDS = 30_000
"""The maximum and default timeout of an HTTP API's integration.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""

VISIBILITY_SECONDS = 30
"""The default visibility timeout of a queue.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"""

VISIBILITY_FACTOR = 6
"""AWS's recommendation, so that throttled batches are retried before other consumers see them.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""


def _check_apis(args: StackValidationArgs, report: ReportViolation) -> None:
    for integration in of_type(args.resources, "aws:apigatewayv2/integration:Integration"):
        patience = (known(integration.props, "timeoutMilliseconds") or INTEGRATION_MILLISECONDS) / 1000
        for function in of_type(args.resources, FUNCTION):
            if calls(integration, "integrationUri", function, args.resources) and _timeout(function) >= patience:
                report(
                    f"Function '{function.name}' may take {_timeout(function):g} s, but the API waits no longer than "
                    f"{patience:g} s: the caller gets a 503, and the function works on. Give it less.",
                    function.urn,
                )


def _check_tasks(args: StackValidationArgs, report: ReportViolation) -> None:
    for machine in of_type(args.resources, "aws:sfn/stateMachine:StateMachine"):
        for name, task in tasks(parsed(known(machine.props, "definition"))):
            patience = seconds(task)
            for function in _called(task, args.resources):
                if patience is not None and _timeout(function) > patience:
                    report(
                        f"Function '{function.name}' may take {_timeout(function):g} s, but Task '{name}' of "
                        f"'{machine.name}' gives up after {patience:g} s and calls it again while it works. "
                        "Give the function less, or the Task more.",
                        function.urn,
                    )


def _check_queues(args: StackValidationArgs, report: ReportViolation) -> None:
    for mapping in of_type(args.resources, "aws:lambda/eventSourceMapping:EventSourceMapping"):
        for queue in of_type(args.resources, "aws:sqs/queue:Queue"):
            if not refers(mapping, "eventSourceArn", queue, "arn"):
                continue
            hidden = known(queue.props, "visibilityTimeoutSeconds") or VISIBILITY_SECONDS
            for function in of_type(args.resources, FUNCTION):
                needed = VISIBILITY_FACTOR * _timeout(function)
                if calls(mapping, "functionName", function, args.resources) and hidden < needed:
                    report(
                        f"Queue '{queue.name}' shows a message again after {hidden:g} s, while function "
                        f"'{function.name}' may still work on it. Set visibility_timeout_seconds to {needed:g}.",
                        queue.urn,
                    )


def _timeout(function: PolicyResource) -> float:
    return known(function.props, "timeout") or FUNCTION_SECONDS


def _called(task: State, resources: list[PolicyResource]) -> Iterator[PolicyResource]:
    """Return the functions of the stack that a Task invokes, by name or ARN, with or without a version or alias."""
    arguments = task.get("Arguments") or task.get("Parameters") or {}
    named = [str(task.get("Resource")), str(arguments.get("FunctionName")) if isinstance(arguments, dict) else ""]
    for function in of_type(resources, FUNCTION):
        arn, name = known(function.props, "arn"), known(function.props, "name")
        if any(text in (arn, name) or (arn and text.startswith(f"{arn}:")) for text in named):
            yield function


API_TIMEOUT = StackValidationPolicy(
    name="api-timeout",
    description="A function behind an API times out before the API does, which is after 30 s.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_apis,
    remediation_steps="Give the function a `timeout` of 29 s at the most.",
    url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html",
)

TASK_TIMEOUT = StackValidationPolicy(
    name="task-timeout",
    description="A function that a state machine calls times out before its Task does: otherwise it still runs when "
    "the Task is retried.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_tasks,
    remediation_steps="Give the function a `timeout` no longer than the Task's `TimeoutSeconds`.",
    url="https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html",
)

QUEUE_VISIBILITY = StackValidationPolicy(
    name="queue-visibility",
    description="The visibility timeout of a queue is six times its function's timeout: otherwise messages are handled "
    "twice.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_queues,
    remediation_steps="Set the queue's `visibility_timeout_seconds` to six times the function's `timeout`.",
    url="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
)
