"""Refusal of requests from foreign web pages: a page in any browser on this machine can reach all its ports."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from console.origin import is_same, is_this_machine
from sandbox.calls.http_answer import json_answer, respond

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OPEN = "/_apis/"
"""HTTP APIs of the stack, whose own CORS settings say who may call them."""


def is_foreign(environ: Mapping[str, Any]) -> bool:
    """Return whether the request is from a page of another site, or from a browser that uses a foreign host name.

    Browsers send the page's site in Origin, and identify themselves with Sec-Fetch-Site; AWS's SDKs send neither.
    https://www.w3.org/TR/fetch-metadata/
    """
    origin, host = environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", "")
    if origin is None and "HTTP_SEC_FETCH_SITE" not in environ:
        return False
    return not is_this_machine(host) or (origin is not None and not is_same(origin, host))


def middleware(application: "WSGIApplication") -> "WSGIApplication":
    """Return `application` behind a guard that refuses requests of foreign pages."""

    def guarded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(_OPEN) or not is_foreign(environ):
            return application(environ, start_response)
        return respond(json_answer(403, {"message": "The sandbox answers no page but its own"}), start_response)

    return guarded
