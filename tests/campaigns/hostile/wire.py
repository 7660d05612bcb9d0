"""HTTP as bytes: requests that no client library would send, and every answer."""

import json
import random
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.campaigns.hostile.proofs import Header
from tests.campaigns.hostile.texts import text

SECONDS = 90
"""Longer than any answer takes on a slow machine."""


@dataclass(frozen=True)
class Answer:
    """One answer; `body` is its JSON."""

    code: int
    body: dict[str, Any]
    head: str


def request(url: str, headers: Iterable[Header], body: bytes, *, method: str = "POST", path: str = "") -> bytes:
    """Return a request with the headers as given, except for line ends in them."""
    target = path or urlsplit(url).path
    lines = [f"{method} {target} HTTP/1.1", f"Host: {urlsplit(url).netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}".replace("\r", "").replace("\n", "") for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode(errors="surrogatepass") + body


def send(url: str, data: bytes) -> list[Answer]:
    """Send bytes on a new connection, hang up, and return all answers. Raises AssertionError if there is none."""
    return [*_answers(exchange(url, data))]


def exchange(url: str, data: bytes) -> bytes:
    """Send bytes on a new connection, hang up, and return all bytes that come back."""
    address = urlsplit(url)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 80), timeout=SECONDS) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            # The server has answered and hung up before it had everything.
            pass
        received = bytearray()
        try:
            while part := connection.recv(65_536):
                received += part
        except ConnectionResetError:
            pass
    return bytes(received)


def _answers(received: bytes) -> Iterable[Answer]:
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        protocol, code, _ = status.split(" ", 2)
        assert protocol == "HTTP/1.1"
        if code == "100":
            received = rest
            continue
        lengths = [line.split(":")[1] for line in lines if line.lower().startswith("content-length:")]
        length = int(lengths[0])
        yield Answer(int(code), json.loads(rest[:length]), head.decode("latin-1"))
        received = rest[length:]


@dataclass(frozen=True)
class Framed:
    """Bytes that are no request, two requests, or one and a half."""

    data: bytes


def framed(rng: random.Random, url: str, body: bytes) -> Framed:
    """Return a request with its end in an unexpected place, or no request. No part of it is a good proof."""
    path = urlsplit(url).path
    start = f"POST {path} HTTP/1.1\r\nHost: x\r\n".encode()
    inner = request(url, [("Authorization", "Bearer guessed")], body)
    size = str(len(body)).encode()
    number = rng.choice((b"abc", b"-1", b"0x10", b"1e3", b"+5", b"5 5", b"5,5", b"\xb2", b"", b"9" * 30))
    forged = f"{text(rng)}: {text(rng)}".encode(errors="replace")
    choices: list[Callable[[], bytes]] = [
        lambda: start + b"Content-Length: " + number + b"\r\n\r\n" + body,
        lambda: start + b"Content-Length: " + size + b"\r\nContent-Length: 0\r\n\r\n" + body,
        lambda: start + b"Content-Length: 0\r\n\r\n" + inner,
        lambda: start + b"Content-Length: " + size + b"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
        lambda: start + b"Transfer-Encoding: chunked\r\n\r\n" + rng.choice((b"zz", b"-5", b"", b"5;")) + b"\r\n" + body,
        lambda: start + b"Transfer-Encoding: " + rng.choice((b"xchunked", b"identity", b"gzip")) + b"\r\n\r\n" + inner,
        lambda: start + b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n" + inner,
        lambda: start + b"Authorization: Bearer\r\n guessed\r\nContent-Length: " + size + b"\r\n\r\n" + body,
        lambda: start + forged + b"\r\nContent-Length: " + size + b"\r\n\r\n" + body,
        lambda: start + b"X: y\r\n" * rng.choice((99, 150)) + b"\r\n",
        lambda: start + b"X: " + b"y" * rng.choice((9_000, 70_000)) + b"\r\n\r\n",
        lambda: start.replace(b"\r\n", b"\n") + b"Content-Length: " + size + b"\n\n" + body,
        lambda: (
            start.replace(b"HTTP/1.1", rng.choice((b"HTTP/9.9", b"HTTP/1.1 x", b"http/1.1", b"HTTP/1.0", b"")))
            + b"\r\n"
        ),
        lambda: (
            start.replace(b"POST", rng.choice((b"GET", b"PUT", b"post", b"PO ST", b"\x00", b"OPTIONS", b"TRACE")))
            + b"\r\n"
        ),
        lambda: request(
            url, [], body, path=path + rng.choice(("/..", "/../callback", "%00", "/", "?a=%ff", "%2f", "#x"))
        ),
        lambda: request(url, [], body, path=f"//{path}{rng.choice(('', '/' + 'x' * 70_000))}"),
        lambda: rng.randbytes(rng.randrange(1, 300)) + b"\r\n\r\n",
        lambda: inner[: rng.randrange(1, len(inner))],
    ]
    return Framed(rng.choice(choices)())
