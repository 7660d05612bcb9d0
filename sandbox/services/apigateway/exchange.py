"""A client's request to an HTTP API, as an exchange for fault injection."""

from collections.abc import Callable
from typing import NoReturn

from sandbox.calls.http_answer import Answer
from sandbox.faults.effects import Exchange
from sandbox.faults.injection import Occasion
from sandbox.faults.kinds import HTTP_API_REQUEST, Kind
from sandbox.http_server import NoAnswerError
from sandbox.services.apigateway.payload_format import message_response
from sandbox.services.apigateway.request import Request

_ANSWERS = {
    Kind.THROTTLE: (429, "Too Many Requests"),
    Kind.SERVER_ERROR: (500, "Internal Server Error"),
    Kind.UNAVAILABLE: (503, "Service Unavailable"),
}


def exchange_of(respond: Callable[[], Answer]) -> Exchange[Answer]:
    """Return a request that `respond` answers. API Gateway refuses it by itself, without the function."""

    def leave(_seconds: float) -> NoReturn:
        # The client's own clock tells it how long it waited.
        raise NoAnswerError

    return Exchange(proceed=respond, refuse=lambda kind: message_response(*_ANSWERS[kind]), leave=leave)


def occasion_of(request: Request, api_name: str) -> Occasion:
    """Describe a request for fault injection."""
    text = f"{request.path}?{request.query} {request.body.decode(errors='replace')}"
    return Occasion(call=HTTP_API_REQUEST, by=(api_name,), contains=text.__contains__)
