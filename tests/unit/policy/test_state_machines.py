"""Rules of state machines: logs without data, and timeouts."""

import json
from typing import Any

import pytest

from rules.state_machines import STATE_MACHINE_LOG, STATE_MACHINE_TIMEOUTS
from tests.unit.policy.asking import Props, told

MACHINE = "aws:sfn/stateMachine:StateMachine"


def _definition(machine: dict[str, Any], *tasks: dict[str, Any]) -> Props:
    states = {f"Task {number}": {"Type": "Task", **task} for number, task in enumerate(tasks)}
    return {"definition": json.dumps({**machine, "States": states})}


@pytest.mark.parametrize("level", ["ALL", "ERROR", "FATAL"])
def test_log_without_data_passes(level: str) -> None:
    logging = {"level": level, "includeExecutionData": False}
    assert told(STATE_MACHINE_LOG, MACHINE, {"loggingConfiguration": logging}) == []


@pytest.mark.parametrize("props", [{}, {"loggingConfiguration": {}}, {"loggingConfiguration": {"level": "OFF"}}])
def test_no_log_is_reported(props: Props) -> None:
    (message,) = told(STATE_MACHINE_LOG, MACHINE, props)
    assert "logs nothing" in message


def test_data_in_the_log_is_reported_unless_it_is_allowed() -> None:
    props = {"loggingConfiguration": {"level": "ALL", "includeExecutionData": True}}
    (message,) = told(STATE_MACHINE_LOG, MACHINE, props)
    assert "task tokens" in message
    assert told(STATE_MACHINE_LOG, MACHINE, props, config={"allowExecutionData": True}) == []


@pytest.mark.parametrize("timeout", [60, 600, "{% $patience %}"])
def test_machine_with_timeouts_passes(timeout: int | str) -> None:
    props = _definition({"TimeoutSeconds": 600}, {"TimeoutSeconds": timeout}, {"TimeoutSecondsPath": "$.patience"})
    assert told(STATE_MACHINE_TIMEOUTS, MACHINE, props) == []


@pytest.mark.parametrize(
    ("props", "what"),
    [
        (_definition({}, {"TimeoutSeconds": 60}), "may run for a year"),
        (_definition({"TimeoutSeconds": 600}, {}), "Task 'Task 0' of 'thing' may wait for ever"),
        (_definition({"TimeoutSeconds": 600}, {"TimeoutSeconds": 601}), "may take 601 s"),
    ],
    ids=["machine", "task", "too long"],
)
def test_missing_timeout_is_reported(props: Props, what: str) -> None:
    (message,) = told(STATE_MACHINE_TIMEOUTS, MACHINE, props)
    assert what in message


def test_every_task_without_a_timeout_is_reported() -> None:
    assert len(told(STATE_MACHINE_TIMEOUTS, MACHINE, _definition({}, {}, {}))) == 3
