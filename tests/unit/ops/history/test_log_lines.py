"""Lines of every kind of log, parsed into one shape."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ops.history import log_lines

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def _read(said: Any) -> log_lines.Line:
    return log_lines.read("callback", AT, said if isinstance(said, str) else json.dumps(said))


def test_line_of_powertools_has_message_and_fields() -> None:
    line = _read(
        {
            "level": "WARNING",
            "location": "receive:50",
            "message": "Callback taken",
            "timestamp": "2026-01-02",
            "service": "callback",
            "cold_start": True,
            "function_request_id": "r1",
            "xray_trace_id": "1-2",
            "jiraStoryId": "PROJ-1",
            "executions": ["a"],
        }
    )
    assert (line.level, line.message, line.is_noise) == ("WARNING", "Callback taken", False)
    assert line.fields == {"jiraStoryId": "PROJ-1", "executions": ["a"]}
    assert line.as_text().endswith('callback           WARNING Callback taken  jiraStoryId=PROJ-1  executions=["a"]')


def test_lambda_error_is_named() -> None:
    line = _read({"level": "ERROR", "errorType": "SweepError", "errorMessage": "1 of 2", "stackTrace": ["a"]})
    assert (line.level, line.message) == ("ERROR", "SweepError: 1 of 2")


@pytest.mark.parametrize(
    "said",
    [
        {"time": "2026", "type": "platform.start", "record": {"requestId": "r"}},
        {"_aws": {"Timestamp": 1}, "WaitingStories": [1.0]},
        {"type": "TaskScheduled", "execution_arn": "a:run-1", "details": {"resource": "putItem"}},
        {"level": "INFO", "logger": "botocore.credentials", "message": "Found credentials in environment variables."},
    ],
)
def test_platform_lines_are_noise(said: dict[str, Any]) -> None:
    assert _read(said).is_noise


def test_warning_of_a_library_is_shown() -> None:
    assert not _read(
        {"level": "WARNING", "logger": "urllib3.connectionpool", "message": "Connection pool is full"}
    ).is_noise


def test_line_of_a_state_machine_names_state_and_execution() -> None:
    line = _read(
        {
            "id": "3",
            "type": "TaskFailed",
            "details": {"error": "S3.S3Exception", "cause": "no", "parameters": "{}"},
            "execution_arn": "arn:aws:states:us-east-1:1:execution:release:run-1",
        }
    )
    assert (line.level, line.message, line.is_noise) == ("ERROR", "TaskFailed", False)
    assert line.fields == {"error": "S3.S3Exception", "cause": "no", "execution": "run-1"}


def test_line_without_json_is_the_message() -> None:
    line = _read("Task timed out after 3.00 seconds\n")
    assert line.message == "Task timed out after 3.00 seconds"
    assert line.as_json()["event"] == line.message


def test_token_in_a_line_is_masked() -> None:
    line = _read({"type": "TaskScheduled", "execution_arn": "a:b", "details": {"parameters": '{":token":{"S":"abc"}}'}})
    assert "abc" not in json.dumps(line.as_json(), default=str)
    assert "abc" not in line.raw
