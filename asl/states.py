"""The repetitive parts of a JSONata definition: retries, catches, service integrations and policy statements.

A definition stays one literal dict with explicit `Next`, so that a reader sees the graph; only parts
whose repetition would hide the graph are functions here.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

State: TypeAlias = dict[str, Any]
"""One state of the Amazon States Language, or a part of one: plain JSON values."""

Statement: TypeAlias = dict[str, Any]
"""One statement of an IAM policy: `Effect`, `Action`, `Resource` and perhaps `Condition`."""

SDK_CALL_TIMEOUT_SECONDS = 30
"""Timeout of one SDK integration. The calls made here answer in milliseconds."""

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
"""Errors for which a retry may succeed: faults and throttling of Lambda, a function that hung or crashed, a service
that reports itself unavailable.
https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html"""

ERROR_MESSAGE = r"""(
    $cause := $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '';
    $contains($cause, /^\{[\s\S]*"errorMessage"[\s\S]*\}$/) ? $parse($cause).errorMessage
    : $states.errorOutput.Error & ($cause = '' ? '' : ': ' & $cause)
)"""
"""The message of a function's exception, or else AWS's cause, as JSONata inside a Catch."""

MAX_CAUSE_LENGTH = 32_768
MAX_ERROR_LENGTH = 256
"""Longest cause and error of a failure, in characters: the shapes SensitiveCause and SensitiveError.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html"""

TOO_MUCH_DATA = "States.DataLimitExceeded"
"""More data than a state can hold. `States.ALL` does not match it; its own name does.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""

QUERY_FAILED = "States.QueryEvaluationError"
"""The error of a JSONata expression that fails; every retry would fail again."""

CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException"
"""The error of a failed condition in the `aws-sdk:dynamodb` integration (the optimized one spells it `DynamoDB.`)."""


def jsonata(expression: str) -> str:
    """Mark a string as a JSONata expression.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    return "{% " + " ".join(expression.split()) + " %}"


def literal(value: str) -> str:
    """Quote a plain string for use inside a JSONata expression (JSONata's string literals are JSON's)."""
    return json.dumps(value)


def cut_cause(expression: str) -> str:
    """Cut a text, as JSONata, to the longest Cause of a failure."""
    return f"$substring({expression}, 0, {MAX_CAUSE_LENGTH})"


def cut_error(expression: str) -> str:
    """Cut a text, as JSONata, to the longest Error of a failure."""
    return f"$substring({expression}, 0, {MAX_ERROR_LENGTH})"


def retry(
    errors: Sequence[str],
    *,
    interval_seconds: int,
    max_attempts: int,
    max_delay_seconds: int = MAX_RETRY_DELAY_SECONDS,
    backoff_rate: float = BACKOFF_RATE,
) -> State:
    """Retry with exponential backoff and full jitter, so that many executions do not retry in step."""
    return {
        "ErrorEquals": list(errors),
        "IntervalSeconds": interval_seconds,
        "MaxAttempts": max_attempts,
        "BackoffRate": backoff_rate,
        "MaxDelaySeconds": max_delay_seconds,
        "JitterStrategy": "FULL",
    }


def never_retry(*errors: str) -> State:
    """Return a retrier without attempts for permanent errors. It shadows the retriers after it."""
    return {"ErrorEquals": list(errors), "MaxAttempts": 0}


def retry_sdk_call(*final_errors: str) -> list[State]:
    """Retry an SDK call on any failure but the named ones.

    AWS names SDK errors by service and lumps many together (`S3.S3Exception` is both throttling and
    denied access), so the arguments name the permanent errors, not the transient ones.
    `States.TaskFailed` does not match timeouts, which are named separately.
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
        timeout_seconds: of the wait. There is no default, and no heartbeat, because nothing sends one while people
            decide.
        retries: of the call itself, before the wait begins.

    Raises:
        ValueError: the token is not in the arguments, so nothing could ever end the wait.
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
    """Return the IAM resources of functions and all their versions, which earlier definitions call.

    IAM compares the ARN of the call with its qualifier: a version's ARN does not match the function's own,
    which definitions of 1.0.0 call.
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
    """Allow reading data of these services that the stack's KMS key encrypts; return no statement without such a key.

    DynamoDB creates the data key with the table; readers and writers of items decrypt it.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """
    return _use_key(key_arn, ["kms:Decrypt"], services)


def write_with_key(key_arn: str | None, *services: str) -> list[Statement]:
    """Allow reading and writing data of these services (such as objects) that the stack's KMS key encrypts.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    return _use_key(key_arn, ["kms:Decrypt", "kms:GenerateDataKey"], services)


def _use_key(key_arn: str | None, actions: Sequence[str], services: Sequence[str]) -> list[Statement]:
    """Allow the actions only in calls that the named services make for the caller, not in direct calls of KMS.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    via = {"StringLike": {"kms:ViaService": [f"{service}.*.amazonaws.com" for service in services]}}
    return [allow(actions, [key_arn], condition=via)] if key_arn is not None else []
