"""The ways in which things fail, and what can fail in which way."""

from enum import StrEnum


class Kind(StrEnum):
    """The ways in which a call can fail."""

    THROTTLE = "throttle"
    """Refused with the service's own code for too many calls; nothing is done."""
    SERVER_ERROR = "server-error"
    """Refused with the service's own code for a fault inside it; nothing is done."""
    UNAVAILABLE = "unavailable"
    """Refused with status 503; nothing is done."""
    TIMEOUT = "timeout"
    """No answer; the connection is closed after `seconds`. Nothing is done."""
    RESET = "reset"
    """The connection is reset at once. Nothing is done."""
    CONDITION = "condition"
    """Another caller makes the same write a moment before: the write is done, but the caller's condition fails."""
    LOST_ANSWER = "lost-answer"
    """The work is done, and the connection reset instead of an answer."""
    FALSE_ERROR = "false-error"
    """The work is done, and the answer is that of `server-error`."""
    KILL_BEFORE = "kill-before"
    """The function's process dies before its call arrives."""
    KILL_AFTER = "kill-after"
    """The function's process dies when its call is done, before it learns so."""
    DELAY = "delay"
    """It happens `seconds` later."""
    CLOCK = "clock"
    """The sandbox's clock moves forward by `seconds` (see sandbox.clock), then the call goes on."""
    DUPLICATE = "duplicate"
    """It happens twice."""
    LOSE = "lose"
    """It never happens, and no error says so."""


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
"""The kinds of faults of each occasion that is no call of an AWS API."""
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
