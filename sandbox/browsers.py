"""Keeps the pages of others out: what runs in a browser on this machine can reach every port of this machine."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HERE = ("localhost", "127.0.0.1", "[::1]")
"""Names of this machine. A name that somebody else's server answers for may lead here too (DNS rebinding)."""

_OPEN = "/_apis/"
"""HTTP APIs of the stack, which say by their own CORS settings who may call them."""


def is_foreign(environ: Mapping[str, Any]) -> bool:
    """Whether a page that is not of this sandbox sends the request, or a browser that takes another host for this one.

    Browsers say by Origin from where they write, and by Sec-Fetch-Site that they are browsers; AWS's SDKs send neither.
    https://www.w3.org/TR/fetch-metadata/
    """
    origin, host = environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", "")
    if origin is None and "HTTP_SEC_FETCH_SITE" not in environ:
        return False
    return not _is_here(host) or (origin is not None and not _is_of(origin, host))


def is_of_this_page(environ: Mapping[str, Any]) -> bool:
    """Whether a browser says that a page of this sandbox sends the request."""
    origin, host = environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", "")
    return origin is not None and _is_here(host) and _is_of(origin, host)


def front(application: "WSGIApplication") -> "WSGIApplication":
    """Return `application` with the requests of foreign pages refused."""

    def guarded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(_OPEN) or not is_foreign(environ):
            return application(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "application/json")])
        return [json.dumps({"message": "The sandbox answers no page but its own"}).encode()]

    return guarded


def _is_here(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return name in _HERE or name.endswith(".localhost")


def _is_of(origin: str, host: str) -> bool:
    return origin in (f"http://{host}", f"https://{host}")
