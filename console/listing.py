"""The list of executions: every workflow's, newest first, narrowed down and a page at a time."""

from collections.abc import Mapping, Set
from time import monotonic
from typing import Any

from console.stack import Client
from console.subjects import Subjects
from ops.report.formatting import milliseconds

PAGE = 50

MOST_AT_ONCE = 1000
"""ListExecutions, maxResults."""

SEARCH_SECONDS = 1.0
"""How long one request looks for what executions are about; the next one goes on from there."""

Execution = dict[str, Any]


class Listing:
    """Lists executions through ListExecutions."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._subjects = Subjects(client)

    def page(
        self,
        workflows: Mapping[str, str],
        *,
        status: str | None = None,
        text: str = "",
        names: Set[str] = frozenset(),
        number: int = 1,
    ) -> dict[str, Any]:
        """Return one page.

        Args:
            workflows: the state machines whose executions are wanted, ARN to label.
            status: as AWS writes it; None for any.
            text: a part of the name, or of the story's or order's id.
            names: of executions that are known to be about it.
            number: which page, from 1.

        Returns:
            `executions`; how many there are in `total`; which `page` this is (the last one where there are not so
            many); which of them, from 1, is its `first`; and how many are still `unread`: whether they hold the text
            is not known yet, so that it is worth asking again.
        """
        found = [each for arn, label in workflows.items() for each in self._of(arn, label, status)]
        found.sort(key=lambda execution: execution["startDate"], reverse=True)
        unread = 0
        if text:
            found, unread = self._with(text.casefold(), names, found)
        last = max(-(-len(found) // PAGE), 1)
        number = min(max(number, 1), last)
        begin = (number - 1) * PAGE
        return {
            "executions": [self._shown(each) for each in found[begin : begin + PAGE]],
            "total": len(found),
            "page": number,
            "first": begin + 1,
            "unread": unread,
        }

    def _of(self, machine_arn: str, label: str, status: str | None) -> list[Execution]:
        asked = {"stateMachineArn": machine_arn, **({"statusFilter": status} if status else {})}
        pages = self._client("stepfunctions").get_paginator("list_executions")
        paged = pages.paginate(**asked, PaginationConfig={"PageSize": MOST_AT_ONCE})
        return [{**execution, "workflow": label} for page in paged for execution in page["executions"]]

    def _with(self, text: str, names: Set[str], executions: list[Execution]) -> tuple[list[Execution], int]:
        """Return the executions that hold the text, and how many could not be looked at in time."""
        deadline = monotonic() + SEARCH_SECONDS
        found, unread = [], 0
        for execution in executions:
            if execution["name"] in names or _of_event(text) in execution["name"].casefold():
                found.append(execution)
            elif not self._subjects.knows(execution["executionArn"]) and monotonic() > deadline:
                unread += 1
            elif (subject := self._subject(execution)) and text in subject["id"].casefold():
                found.append(execution)
        return found, unread

    def _subject(self, execution: Execution) -> dict[str, str] | None:
        return self._subjects.of(execution["executionArn"], is_over="stopDate" in execution)

    def _shown(self, execution: Execution) -> dict[str, Any]:
        subject = self._subject(execution)
        return {
            "arn": execution["executionArn"],
            "name": execution["name"],
            "machine": execution["stateMachineArn"].rsplit(":", 1)[1],
            "workflow": execution["workflow"],
            "status": execution["status"],
            "outcome": self._subjects.outcome(execution, subject),
            "started": milliseconds(execution["startDate"]),
            "stopped": milliseconds(execution.get("stopDate")),
            "subject": subject,
        }


def _of_event(text: str) -> str:
    """An order that came as an event is `ord-` and the event's id, with which its execution's name begins."""
    return text.removeprefix("ord-") or text
