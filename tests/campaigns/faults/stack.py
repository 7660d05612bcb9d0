"""The campaign's own sandbox: a client, its faults, its clock and its scheduled functions."""

import threading
import time
from dataclasses import dataclass, field
from functools import cached_property

from tests.e2e.client import Client
from tests.e2e.control import Control
from tests.e2e.shop import Shop

SNAPSHOT_SECONDS = 0.3
"""Greatest age of data that trials share."""


@dataclass
class Stack:
    """A deployed stack with faults."""

    client: Client
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _snapshot: tuple[float, dict[str, str]] = (float("-inf"), {})

    @cached_property
    def shop(self) -> Shop:
        """Return the stack as a shop sees it."""
        return Shop(self.client)

    @cached_property
    def control(self) -> Control:
        """Its faults and its clock."""
        return Control(self.client)

    def sweep(self) -> None:
        """Run the sweeper as its rule does; the next run makes up for a failed one."""
        self.client.aws("lambda").invoke(FunctionName=self.client.outputs["sweeper_lambda_arn"], Payload=b"{}")

    def orders_executions(self) -> dict[str, str]:
        """Return every execution of the orders workflow by its name, with its status, as of a moment ago."""
        with self._lock:
            taken, found = self._snapshot
            if time.monotonic() - taken > SNAPSHOT_SECONDS:
                pages = self.client.stepfunctions.get_paginator("list_executions").paginate(
                    stateMachineArn=self.client.outputs["orders_state_machine_arn"]
                )
                found = {each["name"]: each["status"] for page in pages for each in page["executions"]}
                self._snapshot = (time.monotonic(), found)
            return found
