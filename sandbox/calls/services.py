"""moto's services as WSGI applications, without Flask for requests that do not need it.

For each request, Flask finds a view, makes a context and prepares debugging aids. That is half of the time of a call
to a service with one URL, such as every JSON service.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from flask import Response
from moto.core.request import Request
from moto.moto_api import recorder
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ONE_URL = "/"
# A service answers with status, headers and body, or with the body alone: moto.core.utils.convert_to_flask_response.
FULL_RESULT = 3


class _Request(Request):
    from_wsgi_server = True


class Service:
    """One service of moto, in place of its Flask application."""

    def __init__(self, name: Any) -> None:
        self._flask = create_backend_app(name)
        rules = [rule for rule in self._flask.url_map.iter_rules() if rule.rule == _ONE_URL]
        view: Any = self._flask.view_functions[rules[0].endpoint] if rules else None
        self._answer = getattr(view, "callback", None)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        is_quick = "HTTP_X_AMZ_TARGET" in environ and environ["PATH_INFO"] == _ONE_URL
        # A browser's request needs the headers that Flask's extension adds.
        if self._answer is None or not is_quick or "HTTP_ORIGIN" in environ:
            return self._flask(environ, start_response)
        request = _Request(environ)
        recorder._record_request(request)
        try:
            result = self._answer(request, request.raw_url, dict(request.headers))
        except ClientError as error:
            result = 400, {}, error.response["Error"]["Message"]
        except HTTPException as error:
            return error.get_response(environ)(environ, start_response)
        status, headers, content = result if len(result) == FULL_RESULT else (200, {}, result)
        return Response(content, status, headers)(environ, start_response)
