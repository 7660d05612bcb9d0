"""A release from start to end, and the checks at its end."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.faults import Fault
from tests.campaigns.faults.waiting_path import WaitingPath
from tests.e2e.client import Run, document


@dataclass
class ReleasePath(WaitingPath):
    """Releases."""

    name = "release"
    """The name of the path in the table of results."""

    def holds(self, _number: str, _tried: Fault | None) -> tuple[Fault, ...]:
        """Return no further fault."""
        return ()

    def start(self, number: str) -> None:
        """Start a release."""
        story = self.text(number)
        key = self.stack.client.put(document(story), f"inputs/{story}.json")
        self.begin(number, {"inputFile": key})

    def broken_end(self, run: Run, ended: dict[str, Any]) -> list[str]:
        """Return the failed checks of its files."""
        client, found = self.stack.client, []
        if ended["status"] == "SUCCEEDED":
            result = json.loads(client.object(f"outputs/{run.name}/result.json") or b"{}")
            if result.get("callbackMessage") != f"Approved {run.name}":
                found.append("its result.json has not what Jira said")
            if client.object(f"logs/{run.name}/execution.log") is None:
                found.append("it has no execution.log")
            return found
        error = json.loads(client.object(f"logs/{run.name}/error.json") or b"{}")
        if not error.get("error") or not error.get("cause"):
            found.append(f"its error.json has no reason: {error}")
        return found
