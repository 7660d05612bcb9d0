"""Interceptors of API calls, through which every call passes before it reaches the emulator."""

import io
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from sandbox.calls.call import Call, Credential, credential_of, read, unreadable
from sandbox.calls.http_answer import Answer, answer_of, respond

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Proceed = Callable[[], Answer]
"""Passes the call to the next interceptor, or to the emulator, and returns the answer; every use repeats the call."""


class Interceptor(Protocol):
    """Middleware for calls: answers a call itself or lets it proceed, and may change the answer."""

    refuses_unreadable: bool
    """Whether to refuse requests that are not calls known to boto3."""

    def concerns(self, credential: Credential) -> bool:
        """Return whether the interceptor needs the calls of this caller; reading a call takes time."""

    def intercept(self, call: Call, proceed: Proceed) -> Answer:
        """Answer the call."""


def middleware(interceptors: Sequence[Interceptor], application: "WSGIApplication") -> "WSGIApplication":
    """Return `application` behind the interceptors; the first one sees a call first, and its answer last."""

    def intercepted(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        credential = credential_of(environ)
        concerned = [each for each in interceptors if credential is not None and each.concerns(credential)]
        if credential is None or not concerned:
            return application(environ, start_response)
        call = read(environ)
        if call is None:
            if not any(each.refuses_unreadable for each in concerned):
                return application(environ, start_response)
            answer = unreadable(credential)
        else:
            content = environ["wsgi.input"].read()
            answer = _answer(
                call, concerned, lambda: answer_of(application, {**environ, "wsgi.input": io.BytesIO(content)})
            )
        return respond(answer, start_response)

    return intercepted


def _answer(call: Call, interceptors: Sequence[Interceptor], emulator: Proceed) -> Answer:
    if not interceptors:
        return emulator()
    first, *others = interceptors
    return first.intercept(call, lambda: _answer(call, others, emulator))
