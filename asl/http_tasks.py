"""HTTP Tasks: calls of web APIs through EventBridge connections, and their errors.

https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from asl.states import State, Statement, allow

HTTP_TASK_LIMIT_SECONDS = 60
"""AWS ends an HTTP Task after 60 s with `States.Http.Socket`.
https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html"""

MAX_HTTP_CALL_TIMEOUT_SECONDS = HTTP_TASK_LIMIT_SECONDS - 1
"""A shorter timeout of the state ends the call first, with `States.Timeout`."""

CONNECTION_UNAUTHORIZED = "Events.ConnectionResource.InvalidConnectionState"
"""EventBridge does not use the connection: it is de-authorized, or (for seconds) not yet authorized again."""

DEAUTHORIZING_ERRORS = tuple(f"States.Http.StatusCode.{code}" for code in (401, 407))
"""The answers after which EventBridge de-authorizes a connection until its next update.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-deauthorize.html"""

TRANSIENT_HTTP_ERRORS = (
    *(f"States.Http.StatusCode.{code}" for code in (429, 500, 502, 503, 504)),
    "States.Http.Socket",
    "States.Timeout",
    "Events.ConnectionResource.AuthInProgress",
    "Events.ConnectionResource.ConcurrentModification",
    "Events.ConnectionResource.InternalError",
    CONNECTION_UNAUTHORIZED,
)
"""Errors for which a retry may succeed: throttling, server faults, timeouts, and a connection during its update.

A rotation puts each connection into the states UPDATING and AUTHORIZING for seconds, and AWS does not document the
error of a call in that time. So the error of a de-authorized connection is retried, too: no request leaves AWS, and the
failure comes only seconds later.
https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html (Connection errors)"""


def http_call(
    url: str,
    connection_arn: str,
    body: Any,
    *,
    headers: Mapping[str, str],
    timeout_seconds: int,
    retries: Sequence[State],
) -> State:
    """POST JSON to a web API through an EventBridge connection, which adds the credentials.

    The timeout is that of one call, at most MAX_HTTP_CALL_TIMEOUT_SECONDS.
    https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    """
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Arguments": {
            "ApiEndpoint": url,
            "Method": "POST",
            "Authentication": {"ConnectionArn": connection_arn},
            "Headers": {"Content-Type": "application/json", **headers},
            "RequestBody": body,
        },
        "TimeoutSeconds": timeout_seconds,
        "Retry": list(retries),
    }


def may_call(urls: Sequence[str], state_machine_arn: str) -> Statement:
    """Allow POST requests to the URLs, through HTTP Tasks of the calling state machine.

    https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#connect-http-task-permissions
    """
    condition = {"StringEquals": {"states:HTTPMethod": "POST", "states:HTTPEndpoint": list(urls)}}
    return allow(["states:InvokeHTTPEndpoint"], [state_machine_arn], condition=condition)
