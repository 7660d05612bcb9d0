"""Assign and Output of one state see the same variables."""

from typing import Any

from tests.unit.sandbox.interpreter.conftest import Aws


def test_output_sees_the_values_from_before_assign(aws: Aws) -> None:
    states: dict[str, Any] = {
        "A": {"Type": "Pass", "Assign": {"x": "old", "y": "y"}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Output": {"b": "{% $x %}"}, "Next": "C"},
        "C": {"Type": "Pass", "Output": {"b": "{% $states.input.b %}", "x": "{% $x %}", "y": "{% $y %}"}, "End": True},
    }
    assert aws.output(states) == {"b": "old", "x": "y", "y": "old"}


def test_a_parallel_and_its_catch_keep_the_order(aws: Aws) -> None:
    failing = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Broken", "Cause": "why"}}}
    states = {
        "A": {"Type": "Pass", "Assign": {"x": "old"}, "Next": "B"},
        "B": {
            "Type": "Parallel",
            "Branches": [failing],
            "Assign": {"x": "never"},
            "Catch": [
                {
                    "ErrorEquals": ["Broken"],
                    "Assign": {"x": "{% $states.errorOutput.Cause %}"},
                    "Output": {"before": "{% $x %}", "error": "{% $states.errorOutput.Error %}"},
                    "Next": "C",
                }
            ],
            "Next": "C",
        },
        "C": {"Type": "Succeed", "Output": "{% $merge([$states.input, {'after': $x}]) %}"},
    }
    assert aws.output(states) == {"before": "old", "error": "Broken", "after": "why"}


def test_a_failed_output_assigns_nothing(aws: Aws) -> None:
    branch = {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}
    states = {
        "A": {"Type": "Pass", "Assign": {"x": "old"}, "Next": "B"},
        "B": {
            "Type": "Parallel",
            "Branches": [branch],
            "Assign": {"x": "new"},
            "Output": "{% $absent %}",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}],
            "Next": "C",
        },
        "C": {"Type": "Succeed", "Output": "{% $x %}"},
    }
    assert aws.output(states) == "old"


def test_choice_rules_and_default_have_their_own_output(aws: Aws) -> None:
    choice = {
        "Type": "Choice",
        "Choices": [
            {
                "Condition": "{% $states.input.n = 1 %}",
                "Next": "End",
                "Assign": {"x": "rule"},
                "Output": {"by": "rule"},
            }
        ],
        "Default": "End",
        "Assign": {"x": "default"},
        "Output": {"by": "default"},
    }
    end = {"Type": "Succeed", "Output": "{% $states.input.by & $x %}"}
    states = {"A": choice, "End": end}

    assert aws.output(states, {"n": 1}) == "rulerule"
    assert aws.output(states, {"n": 2}) == "defaultdefault"


def test_a_choice_without_a_match_and_without_default_fails(aws: Aws) -> None:
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "End"}]}

    assert aws.run({"A": choice, "End": {"Type": "Succeed"}})["error"] == "States.NoChoiceMatched"


def test_a_condition_must_be_boolean(aws: Aws) -> None:
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% 'yes' %}", "Next": "End"}]}

    found = aws.run({"A": choice, "End": {"Type": "Succeed"}})

    assert found["error"] == "States.QueryEvaluationError"
    assert "'Choices[0]/Condition'" in found["cause"]
