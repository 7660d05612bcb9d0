"""Call of a WSGI application with one request, for its whole answer."""

from typing import TYPE_CHECKING

from werkzeug.test import run_wsgi_app

from sandbox.calls.call import Answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


def answer_of(application: "WSGIApplication", environ: "WSGIEnvironment") -> Answer:
    """Call the application and return its whole answer."""
    body, status, headers = run_wsgi_app(application, environ, buffered=True)
    return Answer(int(status.partition(" ")[0]), list(headers), b"".join(body))
