"""Checks of the headers by which a browser names a request's origin."""

from collections.abc import Mapping
from typing import Any

_HERE = ("localhost", "127.0.0.1", "[::1]")
"""Names of this machine. Other names may resolve to it too, if a foreign DNS server says so (DNS rebinding)."""


def is_own_page(environ: Mapping[str, Any]) -> bool:
    """Return whether the request comes from a page of this server, according to the browser's headers."""
    origin, host = environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", "")
    return origin is not None and is_this_machine(host) and is_same(origin, host)


def is_this_machine(host: str) -> bool:
    """Return whether a Host header, with or without a port, names this machine."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return name in _HERE or name.endswith(".localhost")


def is_same(origin: str, host: str) -> bool:
    """Return whether an Origin header names the server of a Host header."""
    return origin in (f"http://{host}", f"https://{host}")
