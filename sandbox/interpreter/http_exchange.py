"""The request of an HTTP Task, as an exchange for fault injection."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, NoReturn

from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from sandbox.faults.effects import Exchange
from sandbox.faults.injection import Occasion
from sandbox.faults.kinds import HTTP_TASK_REQUEST, Kind
from sandbox.interpreter.http_request import HttpTaskError

# "An HTTP Task times out after 60 seconds."
TIMEOUT_SECONDS: Final = 60
_STATUS: Final = {
    Kind.THROTTLE: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.SERVER_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}


def exchange_of(send: Callable[[], dict[str, Any]]) -> Exchange[dict[str, Any]]:
    """Return a request that `send` sends. It fails as with an API that refuses, or that does not answer."""
    return Exchange(proceed=send, refuse=_refuse, leave=_leave)


def _refuse(kind: Kind) -> NoReturn:
    status = _STATUS[kind]
    answer: dict[str, Any] = {
        "Headers": {},
        "ResponseBody": "",
        "StatusCode": status.value,
        "StatusText": status.phrase,
    }
    raise HttpTaskError(f"States.Http.StatusCode.{status.value}", to_json_str(answer))


def _leave(seconds: float) -> NoReturn:
    reason = f"timed out after {TIMEOUT_SECONDS} seconds" if seconds else "failed: Connection reset by peer"
    raise HttpTaskError("States.Http.Socket", f"The HTTP request {reason}")


def occasion_of(arguments: dict[str, Any], role_arn: str) -> Occasion:
    """Describe a request for fault injection."""
    text = json.dumps(arguments, ensure_ascii=False)
    return Occasion(call=HTTP_TASK_REQUEST, by=(role_arn.rpartition("/")[2],), contains=text.__contains__)
