"""Stub APIs, whose answers for a story a test can set."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOLD_SECONDS = 60
"""A held answer is given after this at the latest, so that nothing hangs for ever."""


@dataclass(frozen=True)
class Call:
    """A request that an API got."""

    api: str
    story: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class StubApis:
    """APIs that answer SUCCESS unless a test sets another answer."""

    url: str
    calls: list[Call] = field(default_factory=list)
    _answers: dict[tuple[str, str], list[tuple[int, Any]]] = field(default_factory=dict)
    _held: dict[tuple[str, str], threading.Event] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, api: str, story: str, *answers: tuple[int, Any]) -> None:
        """Give these answers one after the other, and the last one ever after."""
        self._answers[api, story] = list(answers)

    def hold(self, api: str, story: str) -> threading.Event:
        """Keep the answer back until the event is set."""
        self._held[api, story] = threading.Event()
        return self._held[api, story]

    def called(self, api: str, story: str) -> list[Call]:
        """Return the requests that an API got for a story."""
        with self._lock:
            return [call for call in self.calls if (call.api, call.story) == (api, story)]

    def take(self, call: Call) -> tuple[int, Any]:
        """Record a request and choose its answer."""
        with self._lock:
            self.calls.append(call)
            answers = self._answers.get((call.api, call.story), [(200, {"status": "SUCCESS", "message": "fine"})])
            chosen = answers.pop(0) if len(answers) > 1 else answers[0]
        held = self._held.get((call.api, call.story))
        if held:
            held.wait(HOLD_SECONDS)
        return chosen


@contextmanager
def serve() -> Iterator[StubApis]:
    """Run the APIs on a free port: `POST {url}/validation` and so on."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            code, answer = apis.take(Call(self.path.strip("/"), body["jiraStoryId"], dict(self.headers), body))
            is_text = isinstance(answer, str)
            data = answer.encode() if is_text else json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "text/plain" if is_text else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    apis = StubApis(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield apis
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
