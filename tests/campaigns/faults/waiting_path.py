"""An execution that waits for a decision, called back before or after the wait begins, and the checks at its end."""

import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sandbox.faults import Fault
from tests.campaigns.faults.jira import Jira
from tests.campaigns.faults.stack import Stack
from tests.e2e.client import Run

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 60


@dataclass
class WaitingPath:
    """Executions that wait; `early` ones are called back as soon as they are registered."""

    stack: Stack
    early: bool = False
    _jira: dict[str, Jira] = field(default_factory=dict)

    usual = "SUCCEEDED"
    """The status of an execution without faults."""

    @cached_property
    def token(self) -> str:
        """Return the token of the callback API."""
        return self.stack.client.tokens["callback"]

    def text(self, number: str) -> str:
        """Return the text that every call of a trial holds: subject and execution have it as their name."""
        return f"{number}-1"

    def can_be_survived(self, _fault: Fault) -> bool:
        """Return every fault; Step Functions sends its own events on a best-effort basis, so they may be lost."""
        return True

    def begin(self, number: str, given: dict[str, Any]) -> None:
        """Start an execution with an input."""
        self.stack.client.stepfunctions.start_execution(
            stateMachineArn=self.stack.client.outputs["state_machine_arn"],
            name=self.text(number),
            input=json.dumps(given),
        )

    def drive(self, number: str) -> None:
        """Call back at the right time, and wait for the end."""
        subject, run = self.text(number), self._run(number)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            item = run.item(subject) or {}
            if "taskToken" in item or (self.early and item):
                jira = self._jira[number] = Jira(self.stack.client, self.token, subject, f"Approved {subject}")
                jira.deliver()
                return
            if self.outcome(number) != "RUNNING":
                return
            time.sleep(POLL_SECONDS)

    def outcome(self, number: str) -> str:
        """The present state of the execution."""
        return str(self._run(number).describe()["status"])

    @property
    def parked(self) -> int:
        """Return how many callbacks came before the wait."""
        return sum(answer == "parked" for jira in self._jira.values() for _, answer in jira.answers)

    def broken(self, number: str) -> list[str]:
        """Return the checks that fail, or do not pass yet."""
        run, subject = self._run(number), self.text(number)
        ended = run.describe()
        if ended["status"] == "RUNNING":
            return ["it has not ended"]
        item = run.item(subject) or {}
        found = [f"its item still has {name}" for name in ("taskToken", "waiting") if name in item]
        if ended["status"] == "SUCCEEDED" and "resumedAt" not in item:
            found.append("its item does not say that it was resumed")
        return [*found, *self.broken_end(run, ended), *self._broken_answers(number, ended["status"])]

    def broken_end(self, run: Run, ended: dict[str, Any]) -> list[str]:
        """Return the failed checks of the execution's results."""
        raise NotImplementedError

    def _broken_answers(self, number: str, status: str) -> list[str]:
        jira = self._jira.get(number)
        if jira is None:
            return [] if status != "SUCCEEDED" else ["it went on without a callback"]
        words = [word for _, word in jira.answers]
        found = ["it was said to be resumed twice"] if words.count("resumed") > 1 else []
        if not jira.is_taken and (status == "SUCCEEDED" or jira.answers[-1][0] not in (404, 410)):
            found.append(f"Jira gave up: {jira.answers}")
        return found

    def _run(self, number: str) -> Run:
        machine = str(self.stack.client.outputs["state_machine_arn"])
        return Run(self.stack.client, f"{machine.replace(':stateMachine:', ':execution:')}:{self.text(number)}")
