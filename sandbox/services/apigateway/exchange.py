"""A client's request to an HTTP API, as something that can fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from sandbox.calls.http_answer import Answer
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


@dataclass(frozen=True)
class HttpExchange:
    """A request that `respond` answers."""

    respond: Callable[[], Answer]

    def proceed(self) -> Answer:
        """Answer it."""
        return self.respond()

    def refuse(self, kind: Kind) -> Answer:
        """Answer as API Gateway does by itself, without the function."""
        return message_response(*_ANSWERS[kind])

    def leave(self, seconds: float) -> NoReturn:  # noqa: ARG002 - the client's own clock tells it how long it waited
        """Close the connection without an answer."""
        raise NoAnswerError


def occasion_of(request: Request, api_name: str) -> Occasion:
    """Describe a request for fault injection."""
    text = f"{request.path}?{request.query} {request.body.decode(errors='replace')}"
    return Occasion(call=HTTP_API_REQUEST, by=(api_name,), contains=text.__contains__)
