"""Subjects of executions (story or order), cached from the start of each history, and outcomes of orders."""

import threading
from typing import Any

from console.stack import Client
from ops.history import timeline
from ops.report import record

FIRST_EVENTS = 25
"""Enough events to reach the exit of the first state, even with retries, after which both workflows have a subject."""

Subject = dict[str, str] | None


class Subjects:
    """A cache of facts that no longer change."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._known: dict[str, Subject] = {}
        self._outcomes: dict[str, str | None] = {}

    def knows(self, execution_arn: str) -> bool:
        """Return whether `of` answers from the cache."""
        return execution_arn in self._known

    def of(self, execution_arn: str, *, is_over: bool) -> Subject:
        """Return the subject of an execution, such as `{"kind": "story", "id": "PROJ-1"}`; None without one."""
        if self.knows(execution_arn):
            return self._known[execution_arn]
        begun = self._client("stepfunctions").get_execution_history(executionArn=execution_arn, maxResults=FIRST_EVENTS)
        subject = record.subject(timeline.read(begun["events"]))
        if subject or is_over:
            with self._lock:
                self._known[execution_arn] = subject
        return subject

    def outcome(self, execution: dict[str, Any], subject: Subject) -> str | None:
        """Return the outcome of an order that has SUCCEEDED: `REJECTED`, or None if it was confirmed."""
        if execution["status"] != "SUCCEEDED" or subject is None or subject["kind"] != "order":
            return None
        arn = execution["executionArn"]
        if arn not in self._outcomes:
            found = record.outcome(self._client("stepfunctions").describe_execution(executionArn=arn))
            with self._lock:
                self._outcomes[arn] = found
        return self._outcomes[arn]
