"""Faults and the clock over HTTP, for those who use a sandbox that is a process of its own.

`PUT /_holdpoint/faults` with a plan sets it, `GET` tells what has happened, `DELETE` ends it and tells the same;
`POST /_holdpoint/clock` with `{"seconds": n}` moves the clock.
"""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.clock import clock
from sandbox.faults.injection import Faults
from sandbox.faults.reading import as_json, parse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FAULTS_PATH = "/_holdpoint/faults"
CLOCK_PATH = "/_holdpoint/clock"


def front(faults: Faults, application: "WSGIApplication") -> "WSGIApplication":
    """Return the application that answers below /_holdpoint/, and leaves all else to the other one."""

    def controlled(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in (FAULTS_PATH, CLOCK_PATH):
            return application(environ, start_response)
        status, answer = _answer(faults, environ["REQUEST_METHOD"], path, environ["wsgi.input"].read())
        start_response(f"{status.value} {status.phrase}", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    return controlled


def report(faults: Faults) -> dict[str, Any]:
    """Tell what happened of the plan that is in force, or was last: `{plan, fired, neverFired}`."""
    return {
        "plan": faults.plan.name if faults.plan is not None else None,
        "fired": [
            {"fault": as_json(each.fault), "call": each.call, "by": sorted(each.by)} for each in list(faults.fired)
        ],
        "neverFired": [as_json(fault) for fault in faults.never_fired],
    }


def _answer(faults: Faults, method: str, path: str, body: bytes) -> tuple[HTTPStatus, dict[str, Any]]:
    try:
        if path == CLOCK_PATH and method == "POST":
            clock.move(_seconds(body))
            return HTTPStatus.OK, {"aheadSeconds": clock.ahead}
        if path == FAULTS_PATH and method in ("PUT", "GET", "DELETE"):
            if method == "PUT":
                faults.set(parse(body))
            elif method == "DELETE":
                faults.end()
            return HTTPStatus.OK, report(faults)
    except ValueError as error:
        return HTTPStatus.BAD_REQUEST, {"message": str(error)}
    return HTTPStatus.METHOD_NOT_ALLOWED, {"message": f"{path} does not take {method}"}


def _seconds(body: bytes) -> float:
    given = json.loads(body)
    seconds = given.get("seconds") if isinstance(given, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError('send {"seconds": n}: by how many seconds the clock is to go forward')
    return float(seconds)
