"""A threaded WSGI server with HTTP/1.1 keep-alive, which closes all connections when it stops."""

import contextlib
import errno
import io
import json
import logging
import os
import resource
import socket
import struct
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import DechunkedInput, ThreadedWSGIServer

from sandbox.calls.http_answer import Answer, answer_of, json_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)

# Backlog of connections to accept. The kernel caps this at net.core.somaxconn (4096 on current Linux).
LISTEN_BACKLOG = 2048
# An idle keep-alive connection holds a thread, so the server closes it. AWS clients reconnect by themselves.
KEEP_ALIVE_SECONDS = 30
# File descriptors: each connection takes one, and so does each pipe of a Lambda process; macOS allows 256 by default.
DESCRIPTORS = 8192
# Time that stop() waits for requests in flight after it has shut their connections.
STOP_SECONDS = 10


class PortInUseError(OSError):
    """Another program uses the requested port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            errno.EADDRINUSE,
            f"port {port} on {host} is in use by another program: end that program, or choose a port with --port N",
        )


class _UnknownEndError(ValueError):
    """The end of the request's body is missing or ambiguous (RFC 9112, 6.3)."""


class NoAnswerError(Exception):
    """Raised by the application to reset the client's connection instead of answering."""


class _KeepAliveHandler(MotoRequestHandler):
    """A handler that keeps connections open. werkzeug closes them, because it may not read the whole body."""

    protocol_version = "HTTP/1.1"
    # socketserver's own names: a write buffer, so that head and body leave in one packet, and the idle limit.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = KEEP_ALIVE_SECONDS

    def handle_expect_100(self) -> bool:
        """Tell the client to send its body, without buffering: otherwise every upload to S3 takes a second more."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def run_wsgi(self) -> None:
        """Answer one request; the connection stays usable for the next one."""
        environ = self.make_environ()
        try:
            environ["wsgi.input"] = io.BytesIO(self._body(environ))
        except _UnknownEndError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        environ["wsgi.input_terminated"] = True
        try:
            answer = answer_of(self.server.app, environ)
        except NoAnswerError:
            self._reset()
            return
        except Exception as error:
            _log.exception("%s %s failed inside the sandbox", self.command, self.path)
            answer = _internal_failure(error)
        self.send_response(answer.status)
        names = {name.lower() for name, _ in answer.headers}
        for name, value in answer.headers:
            self.send_header(name, value)
        if "content-length" not in names and answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse an invalid HTTP request, in JSON and without repeating it, and close the connection."""
        body = json.dumps({"message": HTTPStatus(code).phrase}).encode()
        self.close_connection = True
        # If the request line is invalid, http.server assumes HTTP/0.9 and sends no head.
        self.request_version = self.protocol_version
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _reset(self) -> None:
        self.close_connection = True
        # A socket with a linger time of 0 that was not shut down before sends RST instead of FIN when closed.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _body(self, environ: "WSGIEnvironment") -> bytes:
        if isinstance(environ["wsgi.input"], DechunkedInput):
            body = _dechunked(environ["wsgi.input"])
            # The body has a known length from here on, which is what moto expects of a request.
            environ.pop("HTTP_TRANSFER_ENCODING", None)
            environ["CONTENT_LENGTH"] = str(len(body))
            return body
        lengths = {*self.headers.get_all("Content-Length", ["0"])}
        length = lengths.pop()
        if lengths or not (length.isascii() and length.isdecimal()):
            raise _UnknownEndError
        return self.rfile.read(int(length))

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing: a request line per API call would hide everything else."""


def _dechunked(body: DechunkedInput) -> bytes:
    try:
        return body.readall() or b""
    except TimeoutError:
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        # werkzeug's own error for a bad chunk; an error of the system has a number.
        raise _UnknownEndError from error


def _internal_failure(error: Exception) -> Answer:
    message = f"the sandbox has no working answer to this call: {type(error).__name__}: {error}"
    return json_answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"__type": "InternalFailure", "message": message})


class HttpServer(ThreadedWSGIServer):
    """Serve `app` on `host:port` (0: a free port), a thread per connection.

    Raises PortInUseError if the port is taken.
    """

    request_queue_size = LISTEN_BACKLOG
    daemon_threads = True

    def __init__(self, host: str, port: int, app: "WSGIApplication") -> None:
        # werkzeug ends the whole process when it cannot bind, so the socket is made here and handed over.
        with _listening_socket(host, port) as listener:
            super().__init__(host, port, app, handler=_KeepAliveHandler, fd=listener.fileno())
        self._connections: dict[socket.socket, threading.Thread | None] = {}
        self._lock = threading.Lock()
        self._loop = threading.Thread(target=self.serve_forever, args=(0.05,), name="sandbox-http", daemon=True)

    def start(self) -> None:
        """Start to accept connections."""
        _allow_many_descriptors()
        self._loop.start()

    def stop(self) -> None:
        """Stop accepting, shut every open connection and wait for the threads."""
        if self._loop.is_alive():
            self.shutdown()
            self._loop.join()
        with self._lock:
            open_connections = dict(self._connections)
        for connection in open_connections:
            # An OSError means that the client has closed it already.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in open_connections.values():
            if thread is not None and thread is not threading.current_thread():
                thread.join(STOP_SECONDS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection in its own thread."""
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), name="sandbox-connection", daemon=True
        )
        with self._lock:
            self._connections[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Close one connection."""
        with self._lock:
            self._connections.pop(request, None)
        super().shutdown_request(request)


def _allow_many_descriptors() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _listening_socket(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(LISTEN_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(host, port) from error
        raise
    return listener
