"""Data of states and of the history, in AWS's format."""

import json
import re
from typing import Any

from tests.unit.sandbox.interpreter.conftest import ROLE, Aws


def test_the_context_object(aws: Aws) -> None:
    machine = aws.machine({"A": {"Type": "Pass", "Output": "{% $states.context %}", "End": True}})
    execution = aws.start(machine, {"n": 1}, name="named")

    context: dict[str, Any] = aws.ended(execution)
    found = json.loads(context["output"])

    time = found["Execution"].pop("StartTime"), found["State"].pop("EnteredTime")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment) for moment in time)
    assert found == {
        "Execution": {"Id": execution, "Input": {"n": 1}, "Name": "named", "RoleArn": ROLE, "RedriveCount": 0},
        "StateMachine": {"Id": machine, "Name": machine.rpartition(":")[2]},
        "State": {"Name": "A"},
    }


def test_result_and_error_are_undefined_where_there_is_none(aws: Aws) -> None:
    output = "{% $exists($states.errorOutput) or $exists($states.result) %}"

    assert aws.output({"A": {"Type": "Succeed", "Output": output}}) is False


def test_the_history_is_compact_json_in_utf8(aws: Aws) -> None:
    found = aws.run({"A": {"Type": "Pass", "Output": {"é": [1, 2]}, "End": True}})

    exited = next(event for event in aws.history(found["executionArn"]) if event["type"] == "PassStateExited")
    assert exited["stateExitedEventDetails"]["output"] == '{"é":[1,2]}'


def test_characters_are_counted_as_utf8(aws: Aws) -> None:
    # 200,000 bytes as UTF-8, but 600,000 when each é is written as an escape.
    given = {"t": "é" * 100_000}

    assert aws.output({"A": {"Type": "Pass", "Output": "{% $states.input %}", "End": True}}, given) == given


def test_a_task_is_given_no_more_than_a_state_can_hold(aws: Aws) -> None:
    arguments = {"Source": "s", "Detail": "{% $pad('', 140000, 'x') & $pad('', 140000, 'x') %}", "DetailType": "t"}
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:eventbridge:putEvents",
        "Arguments": {"Entries": [arguments]},
        "End": True,
    }

    assert aws.run({"A": call})["error"] == "States.DataLimitExceeded"


def test_names_and_keys_are_unescaped(aws: Aws) -> None:
    states = {'Prüf "A"': {"Type": "Pass", "Output": {'k"e\ny': "v"}, "End": True}}

    assert aws.output(states) == {'k"e\ny': "v"}
