"""Call of a WSGI application with one request, for its whole answer."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def answer_of(app: "WSGIApplication", environ: "WSGIEnvironment") -> tuple[str, list[tuple[str, str]], bytes]:
    """Call the application; return the status line, the headers and the body of its answer."""
    head: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[[bytes], None]:
        head[:] = [(status, headers)]
        return written.append

    answer: Iterable[bytes] = app(environ, _as_start_response(start_response))
    try:
        body = b"".join([*answer])
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    status, headers = head[0]
    return status, headers, b"".join(written) + body


def _as_start_response(function: Any) -> "StartResponse":
    started: StartResponse = function
    return started
