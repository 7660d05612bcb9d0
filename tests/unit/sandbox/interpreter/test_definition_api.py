"""Definitions are checked where they enter."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

from sandbox.interpreter.definition_api import jsonpath_allowed
from tests.unit.sandbox.interpreter.conftest import ROLE, Aws, error_code

GOOD = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
DANGLING = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "X"}}})


def test_create_refuses_a_dangling_target(aws: Aws) -> None:
    with pytest.raises(ClientError) as refused:
        aws.states.create_state_machine(name=aws.name(), definition=DANGLING, roleArn=ROLE)

    assert refused.value.response["Error"] == {
        "Code": "InvalidDefinition",
        "Message": "Invalid State Machine Definition: "
        "'MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Next'",
    }


@pytest.mark.parametrize(
    "definition",
    [
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}},
        {
            "StartAt": "B",
            "States": {
                "A": {"Type": "Succeed", "QueryLanguage": "JSONata"},
                "B": {"Type": "Pass", "Parameters": {"x.$": "$.x"}, "Next": "A"},
            },
        },
    ],
)
def test_jsonpath_is_refused_with_the_switch_that_allows_it(aws: Aws, definition: dict[str, Any]) -> None:
    text = json.dumps(definition)

    with pytest.raises(ClientError) as refused:
        aws.states.create_state_machine(name=aws.name(), definition=text, roleArn=ROLE)
    validated = aws.states.validate_state_machine_definition(definition=text)
    with jsonpath_allowed.set(True):
        aws.states.create_state_machine(name=aws.name(), definition=text, roleArn=ROLE)

    assert refused.value.response["Error"]["Code"] == "InvalidDefinition"
    assert "--jsonpath" in refused.value.response["Error"]["Message"]
    assert [found["code"] for found in validated["diagnostics"]] == ["NOT_SUPPORTED_BY_THE_SANDBOX"]


def test_an_activity_is_refused_as_not_supported(aws: Aws) -> None:
    resource = "arn:aws:states:us-east-1:123456789012:activity:any"

    with pytest.raises(ClientError, match="Activities are not supported by the sandbox"):
        aws.machine({"A": {"Type": "Task", "Resource": resource, "TimeoutSeconds": 2, "End": True}})


def test_a_state_in_jsonata_needs_no_switch(aws: Aws) -> None:
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %}", "End": True}
    text = json.dumps({"StartAt": "A", "States": {"A": state}})

    created = aws.states.create_state_machine(name=aws.name(), definition=text, roleArn=ROLE)
    assert aws.ended(aws.start(created["stateMachineArn"]))["output"] == "1"


def test_a_definition_is_parsed_once(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    trees: list[Any] = []
    visit = Preprocessor.visitState_machine

    def counted(preprocessor: Preprocessor, tree: Any) -> Any:
        trees.append(tree)
        return visit(preprocessor, tree)

    monkeypatch.setattr(Preprocessor, "visitState_machine", counted)
    machine = aws.machine({"A": {"Type": "Succeed", "Comment": "once"}})
    assert {aws.ended(aws.start(machine))["status"] for _ in range(3)} == {"SUCCEEDED"}
    assert len(trees) == 1


def test_update_refuses_it_and_keeps_the_old_definition(aws: Aws) -> None:
    arn = aws.states.create_state_machine(name=aws.name(), definition=GOOD, roleArn=ROLE)["stateMachineArn"]

    code = error_code(aws.states.update_state_machine, stateMachineArn=arn, definition=DANGLING)

    assert code == "InvalidDefinition"
    assert aws.states.describe_state_machine(stateMachineArn=arn)["definition"] == GOOD


def test_creating_again_is_idempotent_unless_it_differs(aws: Aws) -> None:
    name = aws.name()
    arn = aws.states.create_state_machine(name=name, definition=GOOD, roleArn=ROLE)["stateMachineArn"]
    other = GOOD.replace('"A"', '"B"')

    assert aws.states.create_state_machine(name=name, definition=GOOD, roleArn=ROLE)["stateMachineArn"] == arn
    code = error_code(aws.states.create_state_machine, name=name, definition=other, roleArn=ROLE)
    assert code == "StateMachineAlreadyExists"


@pytest.mark.parametrize(
    ("definition", "diagnostic"),
    [
        (GOOD, None),
        (DANGLING, {"code": "MISSING_TRANSITION_TARGET", "location": "/States/A/Next"}),
        ("{}", {"code": "SCHEMA_VALIDATION_FAILED", "location": "/"}),
        ("not a definition", {"code": "INVALID_JSON_DESCRIPTION", "location": "[line: 1, column: 1]"}),
    ],
)
def test_validate_answers_as_aws(aws: Aws, definition: str, diagnostic: dict[str, Any] | None) -> None:
    found = aws.states.validate_state_machine_definition(definition=definition)

    assert found["truncated"] is False
    assert found["result"] == ("OK" if diagnostic is None else "FAIL")
    places = [{"code": one["code"], "location": one["location"]} for one in found["diagnostics"]]
    assert places == ([] if diagnostic is None else [diagnostic])
    assert all(one["severity"] == "ERROR" for one in found["diagnostics"])
