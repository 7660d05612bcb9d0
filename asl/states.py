"""The noisy parts of a JSONata definition: retries, catches, service integrations and policy statements.

A definition stays one literal dict with explicit `Next`, so that a reader sees the graph; only what would
drown the graph in repetition is a function here.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

State: TypeAlias = dict[str, Any]
"""One state of the Amazon States Language, or a part of one: plain JSON values."""

Statement: TypeAlias = dict[str, Any]
"""One statement of an IAM policy: `Effect`, `Action`, `Resource` and perhaps `Condition`."""

SDK_CALL_TIMEOUT_SECONDS = 30
"""How long one SDK integration may take. The calls made here answer in milliseconds."""

MAX_RETRY_DELAY_SECONDS = 30
"""The longest wait before a retry."""

BACKOFF_RATE = 2
"""Factor by which each further interval before a retry grows."""

TRANSIENT_FUNCTION_ERRORS = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Sandbox.Timedout",
    "Runtime.ExitError",
    "ServiceUnavailableError",
    "States.Timeout",
)
"""Errors that a second invocation may cure: faults and throttling of Lambda, a function that hung or died, a service
that reports itself unavailable.
https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html"""

ERROR_MESSAGE = r"""(
    $cause := $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '';
    $contains($cause, /^\{[\s\S]*"errorMessage"[\s\S]*\}$/) ? $parse($cause).errorMessage
    : $states.errorOutput.Error & ($cause = '' ? '' : ': ' & $cause)
)"""
"""Inside a Catch of a function, as JSONata: the message of its exception, or what else is known."""

MAX_CAUSE_LENGTH = 32_768
MAX_ERROR_LENGTH = 256
"""Longest cause and error of a failure, in characters: the shapes SensitiveCause and SensitiveError.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html"""

TOO_MUCH_DATA = "States.DataLimitExceeded"
"""More data than a state can hold. `States.ALL` does not match it; its own name does.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""

QUERY_FAILED = "States.QueryEvaluationError"
"""A JSONata expression that fails; it fails again on every try."""

CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException"
"""How the `aws-sdk:dynamodb` integration names a failed condition (the optimized integration spells it `DynamoDB.`)."""


def jsonata(expression: str) -> str:
    """Mark a string as a JSONata expression.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    return "{% " + " ".join(expression.split()) + " %}"


def literal(value: str) -> str:
    """Quote a plain string for use inside a JSONata expression (JSONata's string literals are JSON's)."""
    return json.dumps(value)


def cut_cause(expression: str) -> str:
    """Shorten a text, as JSONata, to what the Cause of a failure may hold."""
    return f"$substring({expression}, 0, {MAX_CAUSE_LENGTH})"


def cut_error(expression: str) -> str:
    """Shorten a text, as JSONata, to what the Error of a failure may hold."""
    return f"$substring({expression}, 0, {MAX_ERROR_LENGTH})"


def retry(
    errors: Sequence[str],
    *,
    interval_seconds: int,
    max_attempts: int,
    max_delay_seconds: int = MAX_RETRY_DELAY_SECONDS,
    backoff_rate: float = BACKOFF_RATE,
) -> State:
    """Retry with exponential backoff and full jitter, so that many executions do not come back in step."""
    return {
        "ErrorEquals": list(errors),
        "IntervalSeconds": interval_seconds,
        "MaxAttempts": max_attempts,
        "BackoffRate": backoff_rate,
        "MaxDelaySeconds": max_delay_seconds,
        "JitterStrategy": "FULL",
    }


def never_retry(*errors: str) -> State:
    """Errors that a second try cannot cure. A retrier with no attempts shadows the ones after it."""
    return {"ErrorEquals": list(errors), "MaxAttempts": 0}


def retry_sdk_call(*final_errors: str) -> list[State]:
    """Retry an SDK call on any failure but the named ones.

    AWS names SDK faults by service and lumps many together (`S3.S3Exception` is throttling as well as a
    denied access), so the list says what is final, not what is transient. `States.TaskFailed` leaves
    timeouts out; they are named.
    """
    return [
        never_retry(QUERY_FAILED, *final_errors),
        retry(("States.TaskFailed", "States.Timeout"), interval_seconds=1, max_attempts=4),
    ]


def sdk_call(service: str, operation: str, arguments: Mapping[str, Any], *, retries: Sequence[State]) -> State:
    """Call an AWS API directly from the state machine.

    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{service}:{operation}",
        "Arguments": dict(arguments),
        "TimeoutSeconds": SDK_CALL_TIMEOUT_SECONDS,
        "Retry": list(retries),
    }


def sdk_call_and_wait(
    service: str, operation: str, arguments: Mapping[str, Any], *, timeout_seconds: int, retries: Sequence[State]
) -> State:
    """Call an AWS API with the task token and wait until a caller returns the token.

    Args:
        service: the SDK's name of the service, e.g. `dynamodb`.
        operation: the API action in camelCase, e.g. `updateItem`.
        arguments: must hold `$states.context.Task.Token` somewhere.
        timeout_seconds: how long to wait. There is no default and no heartbeat: nothing sends one while people decide.
        retries: for the call itself, before the waiting begins.

    Raises:
        ValueError: the token is not among the arguments, so that nothing could ever end the wait.
    """
    if "$states.context.Task.Token" not in json.dumps(arguments):
        raise ValueError(f"{service}:{operation} waits for a task token, but its arguments do not pass the token on")
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{service}:{operation}.waitForTaskToken",
        "Arguments": dict(arguments),
        "TimeoutSeconds": timeout_seconds,
        "Retry": list(retries),
    }


def invoke(function_arn: str, payload: Mapping[str, Any], *, timeout_seconds: int, retries: Sequence[State]) -> State:
    """Invoke a function; its answer is `$states.result.Payload`.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
    """
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": function_arn, "Payload": dict(payload)},
        "TimeoutSeconds": timeout_seconds,
        "Retry": list(retries),
    }


def every_version(function_arns: Sequence[str]) -> list[str]:
    """Return, as resources for IAM, functions and all their versions, which earlier definitions call.

    IAM compares the ARN of the call, with its qualifier: a version's does not match the function's own, which
    definitions of 1.0.0 name.
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
    """
    own = [":".join(arn.split(":")[:7]) for arn in function_arns]
    return [*own, *(f"{arn}:*" for arn in own)]


def allow(actions: Sequence[str], resources: Sequence[str], *, condition: Mapping[str, Any] | None = None) -> Statement:
    """Return an IAM statement that allows the actions on the resources."""
    statement: Statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    if condition:
        statement["Condition"] = dict(condition)
    return statement


def read_with_key(key_arn: str | None, *services: str) -> list[Statement]:
    """Allow reading what the stack's KMS key encrypts in these services; nothing where there is no such key.

    DynamoDB makes the data key when the table is made; readers and writers of items decrypt it.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """
    return _use_key(key_arn, ["kms:Decrypt"], services)


def write_with_key(key_arn: str | None, *services: str) -> list[Statement]:
    """Allow reading and writing what the stack's KMS key encrypts in these services (objects, messages, executions).

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    return _use_key(key_arn, ["kms:Decrypt", "kms:GenerateDataKey"], services)


def _use_key(key_arn: str | None, actions: Sequence[str], services: Sequence[str]) -> list[Statement]:
    """Allow the actions in calls that the named services make for the caller, and in no call of KMS itself.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    via = {"StringLike": {"kms:ViaService": [f"{service}.*.amazonaws.com" for service in services]}}
    return [allow(actions, [key_arn], condition=via)] if key_arn is not None else []
