"""Faults and the clock over HTTP, for clients of a sandbox in another process.

`PUT /_holdpoint/faults` with a plan sets it, `GET` returns the faults that happened, `DELETE` ends it and returns them;
`PUT /_holdpoint/recording` with `{"about"?: text}` starts to record calls, `DELETE` ends it and returns them;
`POST /_holdpoint/clock` with `{"seconds": n}` moves the clock.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.calls.http_answer import json_answer, respond
from sandbox.clock import clock
from sandbox.faults.injection import Faults
from sandbox.faults.reading import as_json, parse
from sandbox.faults.recording import Recording, recording

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FAULTS_PATH = "/_holdpoint/faults"
CLOCK_PATH = "/_holdpoint/clock"
RECORDING_PATH = "/_holdpoint/recording"


def middleware(faults: Faults, application: "WSGIApplication") -> "WSGIApplication":
    """Return the application that answers below /_holdpoint/, and passes other requests on."""
    control = _Control(faults)

    def controlled(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in (FAULTS_PATH, CLOCK_PATH, RECORDING_PATH):
            return application(environ, start_response)
        status, answer = control.answer(environ["REQUEST_METHOD"], path, environ["wsgi.input"].read())
        return respond(json_answer(status.value, answer), start_response)

    return controlled


def report(faults: Faults) -> dict[str, Any]:
    """Return the result of the current or last plan: `{plan, fired, neverFired}`."""
    return {
        "plan": faults.plan.name if faults.plan is not None else None,
        "fired": [
            {"fault": as_json(each.fault), "call": each.call, "by": list(each.by)} for each in list(faults.fired)
        ],
        "neverFired": [as_json(fault) for fault in faults.never_fired],
    }


class _Control:
    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._recording: AbstractContextManager[Recording] | None = None
        self._recorded = Recording()

    def answer(self, method: str, path: str, body: bytes) -> tuple[HTTPStatus, dict[str, Any]]:
        methods: dict[str, dict[str, Callable[[bytes], dict[str, Any]]]] = {
            FAULTS_PATH: {"PUT": self._set, "GET": self._look, "DELETE": self._end},
            RECORDING_PATH: {"PUT": self._record, "DELETE": self._end_recording},
            CLOCK_PATH: {"POST": self._move_clock},
        }
        if method not in methods[path]:
            return HTTPStatus.METHOD_NOT_ALLOWED, {"message": f"{path} does not take {method}"}
        try:
            return HTTPStatus.OK, methods[path][method](body)
        except ValueError as error:
            return HTTPStatus.BAD_REQUEST, {"message": str(error)}

    def _set(self, body: bytes) -> dict[str, Any]:
        self._faults.set(parse(body))
        return report(self._faults)

    def _look(self, _body: bytes) -> dict[str, Any]:
        return report(self._faults)

    def _end(self, _body: bytes) -> dict[str, Any]:
        self._faults.end()
        return report(self._faults)

    def _record(self, body: bytes) -> dict[str, Any]:
        about = _field(body, "about")
        if not isinstance(about, str | None):
            raise ValueError('send {"about": text}, or {} for every call')
        self._leave()
        self._recording = recording(self._faults, about)
        self._recorded = self._recording.__enter__()
        return {}

    def _end_recording(self, _body: bytes) -> dict[str, Any]:
        self._leave()
        return {"calls": [as_json(seen) for seen in self._recorded.calls]}

    def _move_clock(self, body: bytes) -> dict[str, Any]:
        seconds = _field(body, "seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError('send {"seconds": n}: the seconds by which to move the clock forward')
        clock.move(seconds)
        return {"aheadSeconds": clock.ahead}

    def _leave(self) -> None:
        ended, self._recording = self._recording, None
        if ended is not None:
            ended.__exit__(None, None, None)


def _field(body: bytes, name: str) -> Any:
    given = json.loads(body)
    return given.get(name) if isinstance(given, dict) else None
