"""Distributed Maps: failures, tolerated failures and refusals."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.sandbox.interpreter.conftest import Aws

ODD_FAILS: dict[str, Any] = {
    "Odd?": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input % 2 = 1 %}", "Next": "Failed"}],
        "Default": "Done",
    },
    "Failed": {"Type": "Fail", "Error": "E", "Cause": "c"},
    "Done": {"Type": "Succeed"},
}


def _map(states: dict[str, Any], kind: str = "STANDARD", **fields: Any) -> dict[str, Any]:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind},
        "StartAt": next(iter(states)),
        "States": states,
    }
    return {"Type": "Map", "Items": "{% $states.input %}", "ItemProcessor": processor, "End": True, **fields}


def test_a_child_that_fails_fails_the_map(aws: Aws) -> None:
    found = aws.run({"S": _map(ODD_FAILS)}, [1, 2])

    assert (found["status"], found["error"]) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    types = [event["type"] for event in aws.history(found["executionArn"])]
    assert types[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]


@pytest.mark.parametrize("errors", [["States.ExceedToleratedFailureThreshold"], ["States.ALL"]])
def test_catch_sees_the_failure(aws: Aws, errors: list[str]) -> None:
    catch = [{"ErrorEquals": errors, "Next": "B", "Output": "{% $states.errorOutput.Error %}"}]

    found = aws.output({"S": _map(ODD_FAILS, Catch=catch), "B": {"Type": "Succeed"}}, [1, 2])

    assert found == "States.ExceedToleratedFailureThreshold"


@pytest.mark.parametrize(
    ("tolerated", "status"),
    [
        ({"ToleratedFailureCount": 1}, "FAILED"),
        ({"ToleratedFailureCount": 2}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 49}, "FAILED"),
        ({"ToleratedFailurePercentage": 50}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 50.5}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 100, "ToleratedFailureCount": 1}, "FAILED"),
    ],
)
def test_map_tolerates_its_number_of_failures(aws: Aws, tolerated: dict[str, Any], status: str) -> None:
    assert aws.run({"S": _map(ODD_FAILS, **tolerated)}, [1, 2, 3, 4])["status"] == status


@pytest.mark.parametrize(
    "state",
    [
        _map(ODD_FAILS, ItemBatcher={"MaxItemsPerBatch": 2}),
        _map(ODD_FAILS, "EXPRESS"),
        _map(
            ODD_FAILS, ItemReader={"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSONL"}}
        ),
    ],
)
def test_unsupported_field_is_refused_as_unsupported(aws: Aws, state: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refused:
        aws.machine({"S": state})

    assert "not supported by the sandbox" in json.dumps(refused.value.response["Error"])
