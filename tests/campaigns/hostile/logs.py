"""Reads all logs of a stack, each line once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.campaigns.hostile.log_lines import check_line, check_text
from tests.e2e.client import Client


@dataclass
class Logs:
    """The logs of a stack, as far as they were read."""

    client: Client
    _read: dict[str, int] = field(default_factory=dict)

    def skip(self) -> None:
        """Skip earlier log lines, from other tests on the same stack."""
        for group in self._groups():
            self._new_lines(group)

    def check(self, secrets: Iterable[str]) -> None:
        """Check the lines since the last check. Raises AssertionError for a line that must not be there."""
        for group in self._groups():
            for line in self._new_lines(group):
                if group.startswith("/aws/lambda/"):
                    _check_function_line(line, secrets)
                else:
                    check_text(line, secrets)
                    assert isinstance(json.loads(line), dict)

    def _groups(self) -> Iterator[str]:
        for page in self.client.aws("logs").get_paginator("describe_log_groups").paginate():
            yield from (group["logGroupName"] for group in page["logGroups"])

    def _new_lines(self, group: str) -> list[str]:
        pages = self.client.aws("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        lines = [event["message"] for page in pages for event in page["events"]]
        new = lines[self._read.get(group, 0) :]
        self._read[group] = len(lines)
        return new


def _check_function_line(line: str, secrets: Iterable[str]) -> None:
    report = json.loads(line)
    if "errorType" not in report:
        check_line(line, secrets)
        return
    # Lambda's own report of an exception that left the handler: the services' way to say no has names.
    assert report["errorType"].endswith("Error"), line[:500]
    check_text(json.dumps({**report, "stackTrace": []}), secrets)
