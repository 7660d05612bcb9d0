"""A definition's problems are found before it is created."""

from typing import Any

import pytest

from sandbox.interpreter.definitions import diagnose

JsonObject = dict[str, Any]
END: JsonObject = {"Type": "Succeed"}


def machine(states: JsonObject, **fields: Any) -> JsonObject:
    """Return a JSONata definition of these states."""
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states, **fields}


def test_a_good_definition_has_no_problems() -> None:
    states: JsonObject = {
        "A": {
            "Type": "Task",
            "Resource": "arn:aws:states:::http:invoke",
            "Arguments": {"ApiEndpoint": "{% $states.input.url %}"},
            "TimeoutSeconds": 60,
            "Retry": [{"ErrorEquals": ["X"]}, {"ErrorEquals": ["States.ALL"]}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}],
            "Next": "B",
        },
        "B": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "C"}], "Default": "D"},
        "C": {"Type": "Parallel", "Branches": [machine({"C1": END}), machine({"C2": END})], "Next": "D"},
        "D": {"Type": "Fail", "Error": "E"},
    }
    assert diagnose(machine(states)) == []


@pytest.mark.parametrize(
    ("definition", "code", "message", "location"),
    [
        ([], "SCHEMA_VALIDATION_FAILED", "Definition must be a valid JSON object", ""),
        ({}, "SCHEMA_VALIDATION_FAILED", "These fields are required: [States, StartAt]", "/"),
        ({"States": {"A": END}}, "SCHEMA_VALIDATION_FAILED", "These fields are required: [StartAt]", "/"),
        (machine({"A": END}, StartAt="X"), "MISSING_TRANSITION_TARGET", "Missing 'StartAt' target: X", "/StartAt"),
        (
            machine({"A": {"Type": "Pass", "Next": "X"}}),
            "MISSING_TRANSITION_TARGET",
            "Missing 'Next' target: X",
            "/States/A/Next",
        ),
        (
            machine({"A": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "A"}], "Default": "X"}}),
            "MISSING_TRANSITION_TARGET",
            "Missing 'Default' target: X",
            "/States/A/Default",
        ),
        (
            machine(
                {
                    "A": {
                        "Type": "Parallel",
                        "Branches": [machine({"B": END})],
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}],
                        "End": True,
                    }
                }
            ),
            "MISSING_TRANSITION_TARGET",
            "Missing 'Next' target: B",
            "/States/A/Catch[0]/Next",
        ),
        (machine({"A": END, "B": END}), "MISSING_TRANSITION_TARGET", 'State "B" is not reachable.', "/States/B"),
        (
            machine({"A": {"Type": "Pass"}}),
            "SCHEMA_VALIDATION_FAILED",
            "Exactly one of these fields is required: [Next, End]",
            "/States/A",
        ),
        (
            machine({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}),
            "MISSING_END_STATE",
            "No terminal state",
            "/States",
        ),
        (
            machine({"A": {"Type": "Parallel", "Branches": [machine({"A": END})], "End": True}}),
            "DUPLICATE_STATE_NAME",
            "Duplicate state name: A",
            "/States/A/Branches[0]/States/A",
        ),
        (
            machine({"A": {"Type": "Pass", "Parameters": {}, "End": True}}),
            "SCHEMA_VALIDATION_FAILED",
            "Field 'Parameters' is not supported in the query language 'JSONata'",
            "/States/A/Parameters",
        ),
        (
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Output": 1, "End": True}}},
            "SCHEMA_VALIDATION_FAILED",
            "Field 'Output' is not supported in the query language 'JSONPath'",
            "/States/A/Output",
        ),
        (
            machine({"A": {"Type": "Pass", "Seconds": 1, "End": True}}),
            "SCHEMA_VALIDATION_FAILED",
            "Field 'Seconds' is not supported by a state of type 'Pass'",
            "/States/A/Seconds",
        ),
        (
            machine({"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": True}}),
            "SCHEMA_VALIDATION_FAILED",
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            "/States/A",
        ),
        (
            machine({"A": {"Type": "Task", "End": True}}),
            "SCHEMA_VALIDATION_FAILED",
            "These fields are required: [Resource]",
            "/States/A",
        ),
        (
            machine({"A" * 81: END}),
            "INVALID_STATE_NAME",
            f"State name must have 1 to 80 characters: {'A' * 81}",
            f"/States/{'A' * 81}",
        ),
    ],
)
def test_a_problem_is_found_where_it_is(definition: Any, code: str, message: str, location: str) -> None:
    found = [(problem.code, problem.message, problem.location) for problem in diagnose(definition)]

    assert found == [(code, message, location)]


@pytest.mark.parametrize("expression", ["{% 1 + %}", "{% $states.input", "{% {'a': } %}"])
def test_a_wrong_expression_is_found(expression: str) -> None:
    found = diagnose(machine({"A": {"Type": "Pass", "Output": {"a": [expression]}, "End": True}}))

    assert [(problem.code, problem.location) for problem in found] == [
        ("SCHEMA_VALIDATION_FAILED", "/States/A/Output/a[0]")
    ]


def test_an_express_machine_cannot_wait_for_a_token() -> None:
    resource = "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken"
    definition = machine({"A": {"Type": "Task", "Resource": resource, "End": True}})

    assert diagnose(definition) == []
    assert [problem.location for problem in diagnose(definition, "EXPRESS")] == ["/States/A/Resource"]
