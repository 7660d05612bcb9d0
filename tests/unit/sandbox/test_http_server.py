"""Malformed HTTP requests: refused in JSON, without an echo."""

import json
import socket
from collections.abc import Iterator

import pytest

from sandbox.server import Server

HEAD = b"POST /_apis/none/callback HTTP/1.1\r\nHost: x\r\n"
SECONDS = 30


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def _sent(server: Server, request: bytes) -> tuple[bytes, bytes]:
    """Return the status line and the body of the answer; the server has to hang up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.splitlines()[0], body


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (HEAD + b"Content-Length: abc\r\n\r\n", 400),
        (HEAD + b"Content-Length: -5\r\n\r\nabc", 400),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc", 400),
        (HEAD + b"Content-Length: \xb2\r\n\r\nabc", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc", 400),
        (HEAD + b"X: y\r\n" * 200 + b"\r\n", 431),
        (HEAD + b"X: " + b"y" * 70_000 + b"\r\n\r\n", 431),
        (b"POST /" + b"y" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"POST /echo HTTP/9.9\r\n\r\n", 505),
    ],
)
def test_a_malformed_request_is_refused_in_json(
    server: Server, request_bytes: bytes, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    line, body = _sent(server, request_bytes)
    assert line.startswith(f"HTTP/1.1 {status} ".encode())
    assert list(json.loads(body)) == ["message"]
    assert b"yyy" not in body
    assert "Traceback" not in capsys.readouterr().err


def test_repeated_equal_content_length_is_accepted(server: Server) -> None:
    line, body = _sent(server, HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
    assert line.startswith(b"HTTP/1.1 404 ")
    assert json.loads(body) == {"message": "Not Found"}
