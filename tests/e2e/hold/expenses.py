"""Expenses of the example, each of which waits for a decision."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from handlers import links
from handlers.stories import Stories
from handlers.story import Story
from tests.e2e import items
from tests.e2e.client import Client, Run, story

ABOVE = 700
"""More than `approvalAbove` of the example."""

LIMIT_SECONDS = 259_200
"""`approvalSeconds` of the example."""


@dataclass(frozen=True)
class Expense:
    """An expense, and the execution that waits for its approval."""

    subject: str
    run: Run

    @property
    def client(self) -> Client:
        """Return the stack."""
        return self.run.client

    @property
    def item(self) -> dict[str, Any]:
        """Return the item of the wait."""
        return self.run.item(self.subject) or {}

    @property
    def stored(self) -> Story:
        """Return the item as the functions read it."""
        found = Stories(self.client.dynamodb, self.client.outputs["dynamodb_table_name"]).read(
            self.subject, self.run.name
        )
        assert found
        return found

    @cached_property
    def task_token(self) -> str:
        """Return the token of the wait, from before it ends."""
        return self.run.task_token(self.subject)

    def token(self, key: str | None = None, approver: str | None = None) -> str:
        """Return the token of an approver's link, or of one for everybody, signed with the stack's key or another."""
        [link] = [each for each in links.links_to(self.stored, datetime.now(UTC)) if each.approver == approver]
        signing_key = (key or self.client.tokens["approvalLinkKey"]).encode()
        return links.url("", link, signing_key).removeprefix(links.PATH)

    def change(self, **attributes: Any) -> None:
        """Write attributes of the item: texts, or values with their types."""
        items.change(self.run, self.subject, **attributes)

    def output(self) -> dict[str, Any]:
        """Wait for the end; gives the output of the execution, which succeeds."""
        ended = self.run.ended()
        assert ended["status"] == "SUCCEEDED", ended
        found: dict[str, Any] = json.loads(ended["output"])
        return found


def submit(holding: Client, amount: int = ABOVE, *, subject: str | None = None, **more: Any) -> Expense:
    """Submit an expense."""
    subject = subject or story()
    return Expense(subject, holding.start_with({"expense": subject, "amount": amount, **more}, by="state_machine_arn"))


def waiting(holding: Client, *, subject: str | None = None, **more: Any) -> Expense:
    """Submit an expense, and wait until its wait has begun."""
    expense = submit(holding, subject=subject, **more)
    expense.run.waiting(expense.subject)
    return expense
