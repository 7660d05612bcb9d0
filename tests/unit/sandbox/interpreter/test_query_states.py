"""States in JSONata: values, results and errors."""

import json
from typing import Any

import pytest

from sandbox.interpreter.definition_api import jsonpath_allowed
from tests.unit.sandbox.interpreter.conftest import Aws


def _pass(output: Any, **fields: Any) -> dict[str, Any]:
    return {"A": {"Type": "Pass", "Output": output, "End": True, **fields}}


def test_a_variable_is_a_value_and_never_text(aws: Aws) -> None:
    text = 'he said "hi"\n\\ \' & $eval("1")'
    states: dict[str, Any] = {"A": {"Type": "Pass", "Assign": {"x": "{% $states.input.text %}"}, "Next": "B"}}
    states["B"] = {"Type": "Pass", "Output": {"x": "{% $x %}"}, "End": True}

    assert aws.output(states, {"text": text}) == {"x": text}


def test_a_large_document_passes_through_variables(aws: Aws) -> None:
    document = {"rows": [{"n": n, "text": "é" * 20} for n in range(3500)]}
    states: dict[str, Any] = {
        "A": {"Type": "Pass", "Assign": {"document": "{% $states.input %}"}, "Output": {}, "Next": "B"}
    }
    states |= {name: {"Type": "Pass", "Output": "{% $count($document.rows) %}", "Next": "C"} for name in ("B",)}
    states["C"] = {"Type": "Pass", "Output": "{% $document.rows[3499] %}", "End": True}

    assert len(json.dumps(document, ensure_ascii=False).encode()) > 200_000
    assert aws.output(states, document) == {"n": 3499, "text": "é" * 20}


@pytest.mark.parametrize(
    ("output", "expression", "field"),
    [
        ("{% $states.input.x %}", "$states.input.x", "Output"),
        ({"a": {"b": ["", "{% $x %}"]}}, "$x", "Output/a/b[1]"),
    ],
)
def test_undefined_fails_with_the_field_that_lacks_it(aws: Aws, output: Any, expression: str, field: str) -> None:
    found = aws.run(_pass(output))

    assert (found["status"], found["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert found["cause"] == (
        "An error occurred while executing the state 'A' (entered at the event id #2). The JSONata expression "
        f"'{expression}' specified for the field '{field}' returned nothing (undefined)."
    )
    types = [event["type"] for event in aws.history(found["executionArn"])]
    assert types == ["ExecutionStarted", "PassStateEntered", "EvaluationFailed", "ExecutionFailed"]


def test_an_undefined_argument_is_caught(aws: Aws) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
        "Arguments": {"Bucket": "{% $states.input.absent %}", "Key": "k"},
        "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "B", "Output": "{% $states.errorOutput %}"}],
        "End": True,
    }
    found = aws.run({"A": task, "B": {"Type": "Succeed"}})

    output = json.loads(found["output"])
    assert output["Error"] == "States.QueryEvaluationError"
    assert "'Arguments/Bucket' returned nothing (undefined)" in output["Cause"]
    assert [event["type"] for event in aws.history(found["executionArn"])].count("EvaluationFailed") == 1


def test_a_failing_output_of_a_task_is_caught(aws: Aws) -> None:
    parallel = {
        "Type": "Parallel",
        "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}],
        "Output": "{% $states.result[0] + 1 %}",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% $states.errorOutput.Error %}"}],
        "Next": "B",
    }
    assert aws.output({"A": parallel, "B": {"Type": "Succeed"}}) == "States.QueryEvaluationError"


def test_timeout_arguments_and_items_may_be_expressions(aws: Aws) -> None:
    aws.client("s3").create_bucket(Bucket="expressions")
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Arguments": "{% {'Bucket': 'expressions', 'Key': $states.input, 'Body': {'n': 1}} %}",
        "TimeoutSeconds": "{% 10 + 5 %}",
        "Output": "{% $states.result.ETag ? $states.input %}",
        "End": True,
    }
    states = {
        "A": {
            "Type": "Map",
            "Items": "{% $states.input.keys %}",
            "MaxConcurrency": 2,
            "ItemProcessor": {"StartAt": "Put", "States": {"Put": task}},
            "End": True,
        }
    }
    found = aws.run(states, {"keys": ["a", "b", "c"]})

    assert json.loads(found["output"]) == ["a", "b", "c"]
    timeouts = {
        event["taskScheduledEventDetails"]["timeoutInSeconds"]
        for event in aws.history(found["executionArn"])
        if event["type"] == "TaskScheduled"
    }
    assert timeouts == {15}


def test_timeout_that_is_not_a_number_fails_the_query(aws: Aws) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets",
        "TimeoutSeconds": "{% 'soon' %}",
        "End": True,
    }
    found = aws.run({"A": task})

    assert found["error"] == "States.QueryEvaluationError"
    assert "for the field 'TimeoutSeconds' returned an unexpected result type" in found["cause"]


def test_fail_takes_expressions(aws: Aws) -> None:
    states = {
        "A": {"Type": "Fail", "Error": "{% 'E' & $states.input.n %}", "Cause": "{% 'because ' & $states.input.n %}"}
    }

    found = aws.run(states, {"n": 1})

    assert (found["error"], found["cause"]) == ("E1", "because 1")


def test_the_arguments_of_a_parallel_are_caught(aws: Aws) -> None:
    parallel = {
        "Type": "Parallel",
        "Arguments": {"a": "{% $states.input.absent %}"},
        "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% $states.errorOutput.Error %}"}],
        "Next": "B",
    }
    assert aws.output({"A": parallel, "B": {"Type": "Succeed"}}) == "States.QueryEvaluationError"


def test_an_error_must_be_text(aws: Aws) -> None:
    found = aws.run({"A": {"Type": "Fail", "Error": "{% 1 %}"}})

    assert found["error"] == "States.QueryEvaluationError"
    assert "for the field 'Error' returned an unexpected result type" in found["cause"]


def test_a_refused_definition_does_not_change_the_next_one(aws: Aws) -> None:
    with pytest.raises(aws.states.exceptions.InvalidDefinition):
        # Refused by the interpreter's grammar in the middle of the definition.
        aws.machine({"A": {"Type": "Pass", "Comment": 5, "End": True}})

    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.r", "End": True}}}
    with jsonpath_allowed.set(True):
        created = aws.states.create_state_machine(
            name=aws.name(), definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/sandbox"
        )
    assert json.loads(aws.ended(aws.start(created["stateMachineArn"]))["output"]) == {"r": 1}
