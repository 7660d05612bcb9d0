"""HTTP answers, as WSGI applications take and give them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; several values of one header are several pairs."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def json_answer(status: int, content: Any) -> Answer:
    """Return an answer whose body is JSON."""
    return Answer(status, [("Content-Type", "application/json")], json.dumps(content).encode())


def answer_of(application: "WSGIApplication", environ: "WSGIEnvironment") -> Answer:
    """Call the application and return its whole answer."""
    body, status, headers = run_wsgi_app(application, environ, buffered=True)
    return Answer(int(status.partition(" ")[0]), list(headers), b"".join(body))


def respond(answer: Answer, start_response: "StartResponse") -> Iterable[bytes]:
    """Send an answer as a WSGI response."""
    reason = HTTP_STATUS_CODES.get(answer.status, "Unknown")
    start_response(f"{answer.status} {reason}", answer.headers)
    return [answer.body]
