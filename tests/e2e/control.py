"""Faults and the clock of a sandbox in another process."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.faults import Fault, Plan, Seen
from sandbox.faults.reading import dump
from tests.e2e.client import DEADLINE_SECONDS, Client, eventually

SKIPPED_SECONDS, LOOK_SECONDS = 10, 0.5
"""Below the timeout of any task, which a call that is under way must not reach."""

T = TypeVar("T")


@dataclass(frozen=True)
class Control:
    """The faults and the clock of a client's stack."""

    client: Client

    @contextmanager
    def faults(self, *faults: Fault) -> Iterator[None]:
        """Let these happen in this context; each must."""
        self.set(Plan(name="test", faults=faults))
        try:
            yield
        finally:
            never = self.end()
        assert not never, f"these never happened: {never}"

    def set(self, plan: Plan) -> None:
        """Let a plan be in force."""
        self._send("PUT", "faults", dump(plan).encode())

    def end(self) -> list[dict[str, Any]]:
        """Let nothing fail any more; gives the faults that never happened, as JSON."""
        never: list[dict[str, Any]] = self._send("DELETE", "faults")["neverFired"]
        return never

    def fired(self) -> int:
        """Return how many calls have failed so far."""
        return len(self._send("GET", "faults")["fired"])

    def record(self, about: str) -> None:
        """Begin to write down the calls about this text."""
        self._send("PUT", "recording", json.dumps({"about": about}).encode())

    def recorded(self) -> list[Seen]:
        """Return the recorded calls of roles and services."""
        calls = self._send("DELETE", "recording")["calls"]
        return [Seen(**each) for each in calls if each["by"]]

    def move_clock(self, seconds: float) -> None:
        """Let time pass at once."""
        self._send("POST", "clock", json.dumps({"seconds": seconds}).encode())

    def hurried(self, look: Callable[[], T | None], what: str) -> T:
        """Wait as `eventually` does, and skip the pauses of the stack meanwhile: ten seconds pass at each look."""

        def look_or_skip() -> T | None:
            found = look()
            if found is None:
                self.move_clock(SKIPPED_SECONDS)
            return found

        return eventually(look_or_skip, what, every=LOOK_SECONDS)

    def _send(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        url = f"{self.client.outputs['endpoint_url']}/_holdpoint/{path}"
        request = urllib.request.Request(url, body, method=method)
        with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
