"""The kinds of faults, and the occasions on which each can happen."""

from enum import StrEnum


class Kind(StrEnum):
    """The ways in which a call can fail."""

    THROTTLE = "throttle"
    """The service's own error for too many calls; the call has no effect."""
    SERVER_ERROR = "server-error"
    """The service's own error for an internal fault; the call has no effect."""
    UNAVAILABLE = "unavailable"
    """Status 503; the call has no effect."""
    TIMEOUT = "timeout"
    """No answer; the connection is closed after `seconds`. The call has no effect."""
    RESET = "reset"
    """The connection is reset at once. The call has no effect."""
    CONDITION = "condition"
    """Another caller makes the same write just before: the write takes effect, but the caller's condition fails."""
    LOST_ANSWER = "lost-answer"
    """The call takes effect, and the connection is reset instead of an answer."""
    FALSE_ERROR = "false-error"
    """The call takes effect, and the answer is that of `server-error`."""
    KILL_BEFORE = "kill-before"
    """The function's process dies before its call arrives."""
    KILL_AFTER = "kill-after"
    """The function's process dies when its call is done, before it gets the answer."""
    DELAY = "delay"
    """The call happens `seconds` later."""
    CLOCK = "clock"
    """The sandbox's clock moves forward by `seconds` (see sandbox.clock), then the call continues."""
    DUPLICATE = "duplicate"
    """It happens twice."""
    LOSE = "lose"
    """It never happens, without an error."""


HTTP_API_REQUEST = "http-api.Request"
"""A client's request to an HTTP API of the sandbox; `by` is the API's name."""
HTTP_TASK_REQUEST = "http-task.Request"
"""An HTTP Task's request to a web API; `by` is the state machine's role."""
EVENT_DELIVERY = "events.Delivery"
"""An event on its way to a rule's target; `by` is the rule's name."""
ASYNCHRONOUS_RUN = "lambda.AsynchronousRun"
"""An asynchronous invocation that Lambda has accepted; `by` is the function's name."""

_PASSING = {Kind.DELAY, Kind.CLOCK}
_ANSWERED = _PASSING | {
    Kind.THROTTLE,
    Kind.SERVER_ERROR,
    Kind.UNAVAILABLE,
    Kind.TIMEOUT,
    Kind.RESET,
    Kind.LOST_ANSWER,
    Kind.FALSE_ERROR,
}
KINDS: dict[str, frozenset[Kind]] = {
    HTTP_API_REQUEST: frozenset(_ANSWERED),
    HTTP_TASK_REQUEST: frozenset(_ANSWERED),
    EVENT_DELIVERY: frozenset(_PASSING | {Kind.DUPLICATE, Kind.LOSE}),
    ASYNCHRONOUS_RUN: frozenset(_PASSING | {Kind.DUPLICATE}),
}
"""The kinds of faults of each occasion other than a call of an AWS API."""
API_KINDS = frozenset(_ANSWERED | {Kind.CONDITION, Kind.KILL_BEFORE, Kind.KILL_AFTER})
"""The kinds of faults of a call of an AWS API."""

CONDITIONAL_CALLS = frozenset(
    {
        "dynamodb.DeleteItem",
        "dynamodb.PutItem",
        "dynamodb.TransactWriteItems",
        "dynamodb.UpdateItem",
        "s3.CompleteMultipartUpload",
        "s3.DeleteObject",
        "s3.PutObject",
    }
)
"""The calls that can carry a condition."""
