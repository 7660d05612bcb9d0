"""The console's routes: its page and static files, a small JSON API for reading, and its actions."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from console import PREFIX, static_files
from console.actions import Actions
from console.origin import is_own_page
from console.stack import Client, Stack
from console.views import Views
from handlers.aws import TransientError
from ops.aws import errors as aws_errors
from ops.errors import OpsError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 1024 * 1024

API = "/api/"

_HEADERS = {
    # Only our own scripts, styles and pictures, no requests to other sites, no markup from text, and no framing.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # A browser revalidates each time; the ETag saves the transfer of unchanged data.
    "Cache-Control": "no-cache",
}

_log = logging.getLogger(__name__)


class Application:
    """A WSGI application. `outputs` returns those of the stack, or None if unknown."""

    def __init__(self, endpoint_url: str, client: Client, outputs: Callable[[], Mapping[str, Any] | None]) -> None:
        stack = Stack(endpoint_url, client, outputs)
        views, actions = Views(stack), Actions(stack)
        self._reads: Mapping[str, Callable[[Mapping[str, str]], Any]] = {
            "stack": views.stack,
            "executions": views.executions,
            "execution": views.execution,
            "report": views.report,
            "waiting": views.waiting,
            "approval-page": views.approval_page,
            "log": views.log,
        }
        self._actions: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
            "callbacks": actions.call_back,
            "links": actions.links,
            "releases": actions.release,
            "orders": actions.order,
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        response = self._answer(request)
        response.headers.update(_HEADERS)
        if response.status_code == 200:
            response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
            response.make_conditional(request)
            # The HTTP server adds a Date header of its own; browsers reject a header that occurs twice.
            del response.headers["Date"]
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            answer = self._act(request) if request.method == "POST" else self._read(request)
        except HTTPException as error:
            return _json({"message": error.description}, error.code or 500)
        except OpsError as error:
            return _json({"message": error.message}, 400)
        except (BotoCoreError, ClientError, TransientError) as error:
            _log.warning("%s: %s", request.path, error)
            return _json({"message": aws_errors.explain(error).message}, 502)
        return answer if isinstance(answer, Response) else _json(answer)

    def _read(self, request: Request) -> Any:
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(["GET", "HEAD", "POST"])
        path = request.path.removeprefix(PREFIX)
        if not path:
            return redirect(f"{PREFIX}/")
        if not path.startswith(API):
            return static_files.serve(path.removeprefix("/"))
        read = self._reads.get(path.removeprefix(API))
        if read is None:
            raise NotFound(f"The console has no {path}")
        return read(request.args)

    def _act(self, request: Request) -> Any:
        # A page of another site, even on another port of this machine, must not start or decide anything.
        if not is_own_page(request.environ):
            raise Forbidden("The Origin must be that of the console itself")
        path = request.path.removeprefix(PREFIX)
        act = self._actions.get(path.removeprefix(API)) if path.startswith(API) else None
        if act is None:
            raise NotFound(f"The console has no {path}")
        return act(_body(request))


def _body(request: Request) -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise BadRequest("The body must be JSON, and say so by its Content-Type")
    content = request.get_data()
    if len(content) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge(f"The body has more than {MAX_BODY_BYTES} bytes")
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object")
    return body


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, separators=(",", ":")), status, mimetype="application/json")
