"""Routing of requests below /_holdpoint to the console."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from console import PREFIX

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from console.stack import Client


class Console:
    """The console of the sandbox at `endpoint_url`, as a WSGI application; created on the first request.

    Without the outputs of a stack it shows only executions; with them it also shows waits, and can start and decide.
    """

    def __init__(self, endpoint_url: str, make_client: "Callable[[], Client]") -> None:
        self.outputs: Mapping[str, Any] | None = None
        """The outputs of the stack that runs here, once it is deployed."""
        self._endpoint_url = endpoint_url
        self._make_client = make_client
        self._application: WSGIApplication | None = None
        self._making = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        with self._making:
            if self._application is None:
                # Imported here: most sandboxes serve tests, which never open the console.
                from console.application import Application

                self._application = Application(self._endpoint_url, self._make_client(), lambda: self.outputs)
        return self._application(environ, start_response)


def middleware(console: Console, application: "WSGIApplication") -> "WSGIApplication":
    """Return the application that sends requests to the console below its prefix, and all others to `application`."""

    def chosen(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        is_ours = path == PREFIX or path.startswith(f"{PREFIX}/")
        return (console if is_ours else application)(environ, start_response)

    return chosen
