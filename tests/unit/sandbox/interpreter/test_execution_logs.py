"""Execution logs: by the logging configuration, without data unless configured."""

import json
from typing import Any

import pytest

from tests.unit.sandbox.interpreter.conftest import ROLE, Aws

STATES = {
    "First": {"Type": "Pass", "Output": {"word": "confidential"}, "Next": "Second"},
    "Second": {"Type": "Fail", "Error": "Refused", "Cause": "it was to be"},
}


def _run(aws: Aws, *, level: str = "ALL", data: bool | None = False, group: str | None = None) -> tuple[str, str]:
    """Run an execution that fails; gives its ARN and the name of its log group."""
    name = aws.name()
    if group is None:
        group = f"/aws/vendedlogs/states/{name}"
        aws.client("logs").create_log_group(logGroupName=group)
    destination = {
        "cloudWatchLogsLogGroup": {"logGroupArn": f"arn:aws:logs:us-east-1:123456789012:log-group:{group}:*"}
    }
    machine = aws.states.create_state_machine(
        name=name,
        definition=json.dumps({"QueryLanguage": "JSONata", "StartAt": "First", "States": STATES}),
        roleArn=ROLE,
        loggingConfiguration={
            "level": level,
            "destinations": [destination],
            **({} if data is None else {"includeExecutionData": data}),
        },
    )["stateMachineArn"]
    arn = aws.start(machine, {"word": "confidential"})
    aws.ended(arn)
    return arn, group


def _lines(aws: Aws, group: str) -> list[dict[str, Any]]:
    events = aws.client("logs").filter_log_events(logGroupName=group)["events"]
    return [json.loads(event["message"]) for event in events]


def test_every_event_of_the_history_is_a_line(aws: Aws) -> None:
    arn, group = _run(aws)
    lines = _lines(aws, group)
    history = aws.history(arn)
    assert [line["type"] for line in lines] == [event["type"] for event in history]
    assert lines[1] == {
        "id": "2",
        "type": "PassStateEntered",
        "details": {"name": "First"},
        "previous_event_id": str(history[1]["previousEventId"]),
        "event_timestamp": str(int(history[1]["timestamp"].timestamp() * 1000)),
        "execution_arn": arn,
    }
    assert lines[-1]["details"] == {"error": "Refused", "cause": "it was to be"}
    assert "confidential" not in json.dumps(lines)


def test_log_has_no_data_by_default(aws: Aws) -> None:
    _, group = _run(aws, data=None)
    lines = _lines(aws, group)
    assert lines[-1]["type"] == "ExecutionFailed"
    assert "confidential" not in json.dumps(lines)


def test_log_has_data_if_configured(aws: Aws) -> None:
    _, group = _run(aws, data=True)
    entered = _lines(aws, group)[1]
    assert json.loads(entered["details"]["input"]) == {"word": "confidential"}


@pytest.mark.parametrize(
    ("level", "types"),
    [("ERROR", ["FailStateEntered", "ExecutionFailed"]), ("FATAL", ["ExecutionFailed"]), ("OFF", [])],
)
def test_level_filters_events(aws: Aws, level: str, types: list[str]) -> None:
    _, group = _run(aws, level=level)
    assert [line["type"] for line in _lines(aws, group)] == types


def test_missing_log_group_does_not_fail_the_execution(aws: Aws) -> None:
    arn, _ = _run(aws, group="/nowhere")
    assert aws.history(arn)[-1]["type"] == "ExecutionFailed"
