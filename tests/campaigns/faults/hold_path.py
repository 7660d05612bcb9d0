"""An expense that waits for its approval, from start to end, and the checks at its end."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.faults import Fault, Kind
from tests.campaigns.faults.waiting_path import WaitingPath
from tests.e2e.client import Run, done
from tests.e2e.hold.expenses import ABOVE

ROLE = "expenses-dev-expenses-workflow-use1"
HOLD_SECONDS = 4
"""Delay before a wait begins. A callback takes less if a process of its function is ready."""


@dataclass
class HoldPath(WaitingPath):
    """Expenses that wait for approval."""

    _is_warm: bool = False

    @property
    def name(self) -> str:
        """The path's name in the table."""
        return "hold, called back early" if self.early else "hold"

    def holds(self, number: str, _tried: Fault | None) -> tuple[Fault, ...]:
        """Return the fault that delays the write of the task token."""
        if not self.early:
            return ()
        about = self.text(number)
        wait = Fault(call="dynamodb.UpdateItem", by=ROLE, kind=Kind.DELAY, about=about, seconds=HOLD_SECONDS)
        return (wait,)

    def start(self, number: str) -> None:
        """Start an expense."""
        if self.early and not self._is_warm:
            # Only calls of a function with a ready process are recorded: its start takes seconds on a busy machine.
            self.stack.client.call_back(done("NOBODY-1"), token=self.token)
            self._is_warm = True
        self.begin(number, {"expense": self.text(number), "amount": ABOVE})

    def broken_end(self, run: Run, ended: dict[str, Any]) -> list[str]:
        """Return the failed checks of its output."""
        if ended["status"] != "SUCCEEDED":
            return [] if ended.get("error") and ended.get("cause") else ["it failed without a reason"]
        output = json.loads(ended["output"])
        is_right = output["status"] == "PAID" and output["decision"]["message"] == f"Approved {run.name}"
        return [] if is_right else [f"its output has not what was decided: {output}"]
