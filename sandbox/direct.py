"""Direct calls from boto3 clients in the sandbox's own process to its application, without a connection.

A connection costs time at both ends, and a client fails if it reuses an idle connection while the server closes
it. Everything else works as over HTTP, because the application gets the same request and returns the same answer.
"""

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError
from moto.core.botocore_stubber import MockRawResponse
from moto.moto_server.werkzeug_app import MotoRequestHandler

from sandbox.calls.http_answer import answer_of
from sandbox.current import Current
from sandbox.http_server import HttpServer, NoAnswerError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

serving: Current[HttpServer | None] = Current(None)
"""The server whose application connected clients reach."""


def connect(client: Any, access_key: str) -> Any:
    """Make a boto3 client with this access key call the sandbox of this process directly, and return it.

    Calls contain the key but no signature, which takes a quarter of a call's time and which no sandbox checks. A
    client of another endpoint keeps sending its calls there.
    """
    scope = f"{client.meta.region_name}/{client.meta.service_model.signing_name}/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential={access_key}/20260101/{scope}, SignedHeaders=host, Signature=none"

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        request.headers["Authorization"] = authorization
        return _send(request)

    client.meta.events.register("choose-signer", lambda **_: UNSIGNED)
    client.meta.events.register("before-send", send)
    return client


def _send(request: AWSPreparedRequest) -> AWSResponse | None:
    """Answer a request; None lets the client use its own connection."""
    server = serving.value
    if server is None or urlsplit(request.url).port != server.port:
        return None
    try:
        answer = answer_of(server.app, _Request(request, server).make_environ())
    except NoAnswerError as error:
        raise ConnectionClosedError(request=request, endpoint_url=request.url) from error
    content = b"" if request.method == "HEAD" else answer.body
    return AWSResponse(request.url, answer.status, HTTPHeaders.from_pairs(answer.headers), MockRawResponse(content))


class _Request(MotoRequestHandler):
    """A request as the server's handler reads it from a connection."""

    def __init__(self, request: AWSPreparedRequest, server: HttpServer) -> None:
        # The parent's would read from a connection.
        url = urlsplit(request.url)
        self.command, self.request_version = request.method, "HTTP/1.1"
        self.path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
        headers = [(name, _text(value)) for name, value in request.headers.items()]
        self.headers = HTTPHeaders.from_pairs([*headers, ("Host", url.netloc)])
        self.server, self.client_address, self.connection = server, (server.host, 0), None
        self._content = _content(request.body)

    def make_environ(self) -> "WSGIEnvironment":
        """Return the request as a WSGI environment."""
        self.rfile = io.BytesIO(self._content)
        environ = super().make_environ()
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ |= {
            "wsgi.input": self.rfile,
            "wsgi.input_terminated": True,
            "CONTENT_LENGTH": str(len(self._content)),
        }
        return environ


def _content(body: Any) -> bytes:
    if body is None:
        return b""
    content = body.read() if hasattr(body, "read") else body
    return content.encode() if isinstance(content, str) else bytes(content)


def _text(value: str | bytes) -> str:
    # botocore sets some headers as bytes; http.client writes others as Latin-1.
    return value.decode("latin-1") if isinstance(value, bytes) else value
