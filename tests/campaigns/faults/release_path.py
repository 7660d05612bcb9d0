"""A release from its start to its end, called back after its wait has begun or before; and what must hold then."""

import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sandbox.faults import HTTP_TASK_REQUEST, Fault, Kind
from tests.campaigns.faults.jira import Jira
from tests.campaigns.faults.stack import Stack
from tests.e2e.client import Run, document

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 60
HOLD_SECONDS = 1.5
"""How long the APIs are kept busy, so that a callback comes before the wait."""


@dataclass
class ReleasePath:
    """Releases; `early` ones are called back as soon as they are registered."""

    stack: Stack
    early: bool
    _jira: dict[str, Jira] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    """Every task token that was seen."""

    @property
    def name(self) -> str:
        """What the table calls it."""
        return "release, called back early" if self.early else "release"

    usual = "SUCCEEDED"
    """How it ends if nothing fails."""

    @cached_property
    def _token(self) -> str:
        return self.stack.client.tokens["callback"]

    def text(self, number: str) -> str:
        """Return the text that every call of a trial holds: story and execution have it as their name."""
        return f"{number}-1"

    def can_be_survived(self, _fault: Fault) -> bool:
        """Return every fault; Step Functions sends its own events on a best-effort basis, so they may be lost."""
        return True

    def holds(self, number: str, tried: Fault | None) -> tuple[Fault, ...]:
        """Return the fault that keeps one of the APIs busy, which is not the one that fails."""
        if not self.early:
            return ()
        api = "validation" if tried and tried.call == HTTP_TASK_REQUEST and tried.nth == 1 else "notification"
        about = f"{self.text(number)}-{api}"
        return (Fault(call=HTTP_TASK_REQUEST, kind=Kind.DELAY, about=about, seconds=HOLD_SECONDS),)

    def start(self, number: str) -> None:
        """Begin one."""
        story = self.text(number)
        key = self.stack.client.put(document(story), f"inputs/{story}.json")
        self.stack.client.stepfunctions.start_execution(
            stateMachineArn=self.stack.client.outputs["state_machine_arn"],
            name=story,
            input=json.dumps({"inputFile": key}),
        )

    def drive(self, number: str) -> None:
        """Call back when it is time for it, and wait for the end."""
        story, run = self.text(number), self._run(number)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            item = run.item(story) or {}
            if "taskToken" in item:
                self.tokens.add(item["taskToken"]["S"])
            if "taskToken" in item or (self.early and item):
                jira = self._jira[number] = Jira(self.stack.client, self._token, story, f"Approved {story}")
                jira.deliver()
                return
            if self.outcome(number) != "RUNNING":
                return
            time.sleep(POLL_SECONDS)

    def outcome(self, number: str) -> str:
        """How it stands."""
        return str(self._run(number).describe()["status"])

    def broken(self, number: str) -> list[str]:
        """What does not hold (yet)."""
        run, story = self._run(number), self.text(number)
        ended = run.describe()
        if ended["status"] == "RUNNING":
            return ["it has not ended"]
        item = run.item(story) or {}
        found = [f"its item still has {name}" for name in ("taskToken", "waiting") if name in item]
        return [*found, *self._broken_end(run, item, ended), *self._broken_answers(number, ended["status"])]

    def _broken_end(self, run: Run, item: dict[str, Any], ended: dict[str, Any]) -> list[str]:
        client, found = self.stack.client, []
        if ended["status"] == "SUCCEEDED":
            result = json.loads(client.object(f"outputs/{run.name}/result.json") or b"{}")
            if result.get("callbackMessage") != f"Approved {run.name}":
                found.append("its result.json has not what Jira said")
            if "resumedAt" not in item:
                found.append("its item does not say that it was resumed")
            if client.object(f"logs/{run.name}/execution.log") is None:
                found.append("it has no execution.log")
            return found
        error = json.loads(client.object(f"logs/{run.name}/error.json") or b"{}")
        if not error.get("error") or not error.get("cause"):
            found.append(f"its error.json has no reason: {error}")
        return found

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
