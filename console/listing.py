"""The filtered, paged list of executions of every workflow, newest first."""

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
"""Time that one request spends on reading subjects of executions; the next request continues from there."""

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
            workflows: the labels of the state machines to list, by ARN.
            status: as AWS writes it; None for any.
            text: a part of the name, or of the story's or order's id.
            names: names of executions that are known to match the text.
            number: the page, from 1.

        Returns:
            `executions`; their `total` number; the `page` (the last one if there are fewer pages); the position
            of its `first` execution, from 1; and the number of `unread` executions, which may match the text: a
            further request reads more of them.
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
        """Return the executions that match the text, and the number of those that could not be read in time."""
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
    """Return the id of an order from an event: `ord-` and the event's id, with which the execution's name begins."""
    return text.removeprefix("ord-") or text
