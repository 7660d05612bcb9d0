"""The files that a release may write: fixed names, each with its own lines or fields and no others."""

import json
import re
from typing import Any

from facts import RECORDED_DECISION
from tests.campaigns.hostile.texts import FORGED

FACTS = re.compile(
    "(?P<head>Execution: .*\nExecution ARN: .*\nStatus: (?:SUCCEEDED|FAILED|TIMED_OUT|ABORTED)\nStory: .*\n"
    "Started: .*\nStopped: .*\nDuration: [0-9.]+ s\n)(?:Packages: .*\n)?"
    "(?:(?:Validation|Deployment|Notification) (?:status|message): .*\n){0,6}"
    "(?:Callback status: .*\nCallback message: .*\n"
    "Callback decider: .*\nCallback channel: .*\nCallback identity: .*\nCallback time: .*\n)?"
    "(?:Error: .*\nCause: .*\nState: .*\n)?"
    "\nTimeline:\n(?P<timeline>(?:  [0-9-]{10}T[0-9:.]{12}Z  [A-Z][A-Za-z? ]+ \\([a-z0-9.,? ]+\\)\n)*)"
)
"""The whole of execution.log. A dot matches no line feed, and the file has no other end of a line."""

ERROR = {"executionName", "executionArn", "error", "cause", "state", "jiraStoryId", "occurredAt", *RECORDED_DECISION}

RESULT = {
    "executionId",
    "jiraStoryId",
    "packageIds",
    "metadata",
    "parallelResults",
    "warnings",
    "callbackMessage",
    "callbackStatus",
    "callbackDecider",
    "callbackChannel",
    "callbackIdentity",
    "callbackAt",
    "completedAt",
}


def folder(execution: str) -> str:
    """Return the folder of an execution."""
    return execution.replace(".", "%2E") if execution in (".", "..") else execution


def check_log(log: str, execution: str) -> None:
    """Raises AssertionError if execution.log has an unexpected line."""
    found = FACTS.fullmatch(log)
    assert found, f"another line in execution.log: {log[:3000]!r}"
    assert (
        found["head"].startswith(f"Execution: {execution.encode('unicode_escape').decode()}\n")
        or not execution.isascii()
    )
    assert FORGED not in found["timeline"]
    assert log == "".join(line + "\n" for line in log.splitlines()), "something else than a line feed ends a line"


def check_error(content: bytes, execution: str) -> dict[str, Any]:
    """Return error.json, parsed. Raises AssertionError if it is wrong."""
    error: dict[str, Any] = json.loads(content)
    assert error.keys() == ERROR
    assert error["executionName"] == execution
    assert isinstance(error["error"], str)
    assert isinstance(error["cause"], str)
    return error


def check_result(content: bytes, execution: str) -> dict[str, Any]:
    """Return result.json, parsed. Raises AssertionError if it is wrong."""
    result: dict[str, Any] = json.loads(content)
    assert result.keys() == RESULT
    assert result["executionId"] == execution
    return result
