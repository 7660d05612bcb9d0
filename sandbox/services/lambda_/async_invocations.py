"""Asynchronous invocation of Lambda functions: retries, dead-letter queues and destinations."""

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.core.utils import utcnow
from moto.utilities.arns import parse_arn

from sandbox.faults.effects import repetitions
from sandbox.faults.injection import Faults, Occasion
from sandbox.faults.kinds import ASYNCHRONOUS_RUN
from sandbox.iam import enforcement, roles
from sandbox.iam.encryption import message_accesses
from sandbox.iam.enforcement import AccessDeniedError
from sandbox.iam.policies import Access
from sandbox.services.background import Background
from sandbox.services.destinations import deliver
from sandbox.services.lambda_.configuration import dead_letter_arn
from sandbox.services.lambda_.functions import Functions, Result
from sandbox.services.lambda_.pool import StoppedError, ThrottledError
from sandbox.services.lambda_.versions import unqualified

# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: two retries unless configured.
DEFAULT_RETRIES = 2
# AWS waits one minute before the first retry and two before the second; the sandbox waits less.
RETRY_SECONDS = (0.1, 0.2)
THROTTLED_RETRY_SECONDS = 0.1


@dataclass(frozen=True)
class _Event:
    function: LambdaFunction
    payload: bytes
    request_id: str


class AsyncInvocations:
    """Runs invocations in the background."""

    def __init__(self, functions: Functions, background: Background, faults: Faults) -> None:
        self._functions = functions
        self._faults = faults
        self._background = background

    def invoke(self, function: LambdaFunction, payload: bytes) -> str:
        """Accept an event (JSON) and return its request id; the function runs later."""
        event = _Event(function, payload, str(uuid.uuid4()))
        for delay in repetitions(self._faults, _occasion(event)):
            self._background.submit(lambda: self._attempt(event, 1), delay)
        return event.request_id

    def _attempt(self, event: _Event, number: int) -> None:
        try:
            result = self._functions.invoke(event.function, event.payload)
        except ThrottledError:
            # A throttled event goes back to the queue without using up an attempt.
            self._background.submit(lambda: self._attempt(event, number), THROTTLED_RETRY_SECONDS)
            return
        except StoppedError:
            return
        config = event.function.event_invoke_config[-1].config if event.function.event_invoke_config else {}
        if result.failed and number <= int(config.get("MaximumRetryAttempts", DEFAULT_RETRIES)):
            self._background.submit(lambda: self._attempt(event, number + 1), RETRY_SECONDS[number - 1])
            return
        self._finish(event, result, number, config.get("DestinationConfig") or {})

    def _finish(self, event: _Event, result: Result, attempts: int, destinations: dict[str, Any]) -> None:
        queue = dead_letter_arn(event.function)
        if result.failed and queue is not None:
            error = json.loads(result.payload).get("errorMessage", "")
            # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
            attributes = {"RequestID": event.request_id, "ErrorCode": "200", "ErrorMessage": error}
            _deliver(event.function, queue, event.payload.decode(), attributes)
        arn = (destinations.get("OnFailure" if result.failed else "OnSuccess") or {}).get("Destination")
        if arn:
            _deliver(event.function, arn, json.dumps(_record(event, result, attempts)), {})


def _occasion(event: _Event) -> Occasion:
    text = event.payload.decode(errors="replace")
    return Occasion(call=ASYNCHRONOUS_RUN, by=(str(event.function.function_name),), contains=text.__contains__)


def _deliver(function: LambdaFunction, arn: str, body: str, attributes: dict[str, str]) -> None:
    """Send as the function's role. Without the permission the record is lost; AWS counts that as a delivery failure."""
    session = roles.session(function.role, function.function_name, function.region)
    action = "sns:Publish" if parse_arn(arn).service == "sns" else "sqs:SendMessage"
    with suppress(AccessDeniedError):
        for access in (Access(action, arn), *message_accesses(arn)):
            enforcement.require(session, access)
        deliver(arn, body, attributes)


def _qualified(function: LambdaFunction) -> str:
    arn: str = function.function_arn
    return f"{arn}:$LATEST" if arn == unqualified(function).function_arn else arn


def _record(event: _Event, result: Result, attempts: int) -> dict[str, Any]:
    """Return an invocation record for a destination, from the same source as for the dead-letter queue."""
    response: dict[str, Any] = {"statusCode": 200, "executedVersion": str(event.function.version)}
    if result.failed:
        response["functionError"] = "Unhandled"
    return {
        "version": "1.0",
        "timestamp": f"{utcnow():%Y-%m-%dT%H:%M:%S}.{utcnow().microsecond // 1000:03d}Z",
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": _qualified(event.function),
            "condition": "RetriesExhausted" if result.failed else "Success",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": json.loads(event.payload),
        "responseContext": response,
        "responsePayload": json.loads(result.payload),
    }
