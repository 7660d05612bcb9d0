"""A sandbox of the campaign's own: a client's view of it, its faults, its clock and its scheduled functions."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sandbox.faults import Plan, Seen
from sandbox.faults.reading import dump
from tests.e2e.client import DEADLINE_SECONDS, Client
from tests.e2e.shop import Shop

SNAPSHOT_SECONDS = 0.3
"""How old what many trials look at together may be."""

SCHEDULED = ("sweeper_lambda_arn", "orders_finisher_lambda_arn", "recorder_lambda_arn")


@dataclass
class Stack:
    """A deployed stack in which things fail."""

    client: Client
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _snapshot: tuple[float, dict[str, str]] = (float("-inf"), {})

    @cached_property
    def shop(self) -> Shop:
        """The stack as a team that sends orders sees it."""
        return Shop(self.client)

    def set(self, plan: Plan) -> None:
        """Let a plan be in force."""
        self._control("PUT", "faults", dump(plan).encode())

    def end(self) -> list[dict[str, Any]]:
        """Let nothing fail any more; gives the faults that never happened, as JSON."""
        never: list[dict[str, Any]] = self._control("DELETE", "faults")["neverFired"]
        return never

    def record(self, about: str) -> None:
        """Begin to write down the calls about this text."""
        self._control("PUT", "recording", json.dumps({"about": about}).encode())

    def recorded(self) -> list[Seen]:
        """What roles and services have called since."""
        calls = self._control("DELETE", "recording")["calls"]
        return [Seen(**each) for each in calls if each["by"]]

    def move_clock(self, seconds: float) -> None:
        """Let time pass at once."""
        self._control("POST", "clock", json.dumps({"seconds": seconds}).encode())

    def sweep(self, functions: Iterable[str] = ("sweeper",)) -> None:
        """Run scheduled functions as their rules do; one that fails is run again by its next turn."""
        for function in functions:
            self.client.aws("lambda").invoke(FunctionName=self.client.outputs[f"{function}_lambda_arn"], Payload=b"{}")

    def orders_executions(self) -> dict[str, str]:
        """Every execution of the orders workflow by its name, with its status, as of a moment ago."""
        with self._lock:
            taken, found = self._snapshot
            if time.monotonic() - taken > SNAPSHOT_SECONDS:
                pages = self.client.stepfunctions.get_paginator("list_executions").paginate(
                    stateMachineArn=self.client.outputs["orders_state_machine_arn"]
                )
                found = {each["name"]: each["status"] for page in pages for each in page["executions"]}
                self._snapshot = (time.monotonic(), found)
            return found

    def logs(self) -> str:
        """Everything that any function and API has logged."""
        logs = self.client.aws("logs")
        groups = [each for page in logs.get_paginator("describe_log_groups").paginate() for each in page["logGroups"]]
        return "\n".join(
            event["message"]
            for group in groups
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
            for event in page["events"]
        )

    def _control(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        url = f"{self.client.outputs['endpoint_url']}/_holdpoint/{path}"
        request = urllib.request.Request(url, body, method=method)
        with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
