"""A hold in a plain workflow: the next state of each outcome, for both effects of a rejection."""

import json
from dataclasses import replace
from typing import Any

import pytest

from asl import hold
from tests.unit.asl.deciding import after, attempts, chosen, value

TABLE = hold.Table(name="holds", arn="arn:aws:dynamodb:us-east-1:123456789012:table/holds")
NAMES = hold.Names.of("approval")
SUBJECT = "$states.context.Execution.Input.subject"
FAILING = hold.Hold(table=TABLE, subject=SUBJECT, timeout_seconds=3600, names=NAMES)
CONTINUING = replace(FAILING, rejection="go-on", title=f"'Pay ' & {SUBJECT}", details="'For books'")
CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException"


def machine(wait: hold.Hold) -> dict[str, Any]:
    """Return a workflow that waits, with the decision as its output."""
    return {
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 7200,
        "StartAt": NAMES.register,
        "States": {
            **hold.states(wait, next_state="Decided", failed_state="Not decided"),
            "Decided": {"Type": "Pass", "Output": f"{{% ${wait.variable} %}}", "End": True},
            "Not decided": {"Type": "Fail", "Error": "{% $failure.error %}", "Cause": "{% $failure.cause %}"},
        },
    }


MACHINES: dict[str, dict[str, Any]] = {wait.rejection: machine(wait) for wait in (FAILING, CONTINUING)}


def test_states_are_named_after_the_subject() -> None:
    assert list(MACHINES["fail"]["States"])[:5] == [
        *("Register approval", "Await approval", "Take approval", "Approval rejected?", "Close approval")
    ]
    assert "Approval rejected?" not in MACHINES["go-on"]["States"]


@pytest.mark.parametrize(("rejection", "goes_on"), [("fail", "Close approval"), ("go-on", "Take approval")])
def test_rejection_fails_or_continues(rejection: str, goes_on: str) -> None:
    waiting = MACHINES[rejection]["States"]["Await approval"]
    assert after(waiting, hold.CALLBACK_FAILURE)["Next"] == goes_on
    assert attempts(waiting, hold.CALLBACK_FAILURE) == 0


@pytest.mark.parametrize(("status", "goes_on"), [("success", "Decided"), ("failure", "Close approval")])
def test_early_rejection_fails_like_a_later_one(status: str, goes_on: str) -> None:
    decision = {"status": status, "message": "no budget"}
    choice = MACHINES["fail"]["States"]["Approval rejected?"]
    assert chosen(choice, {"decision": decision}) == goes_on
    failure = choice["Choices"][0]["Assign"]["failure"]
    assert (failure["error"], failure["state"]) == (hold.CALLBACK_FAILURE, "Await approval")
    assert value(failure["cause"], {"decision": decision}) == "no budget"


def test_early_rejection_continues_like_a_later_one() -> None:
    assert MACHINES["go-on"]["States"]["Take approval"]["Next"] == "Decided"


def test_timeout_names_the_subject_and_closes_the_item() -> None:
    caught = after(MACHINES["fail"]["States"]["Await approval"], "States.Timeout")
    variables = {"states": {"context": {"Execution": {"Input": {"subject": "expense-42"}}}}}
    cause = value(caught["Assign"]["failure"]["cause"], variables)
    assert (caught["Next"], cause) == ("Close approval", "No callback for expense-42 came within 3600 seconds")


@pytest.mark.parametrize("rejection", MACHINES)
def test_hold_passes_its_input_to_the_next_state(rejection: str) -> None:
    names = {*NAMES.__dict__.values()}
    for name, state in MACHINES[rejection]["States"].items():
        if name in names and state["Type"] == "Task":
            assert {each["Output"] for each in (state, *state["Catch"])} == {"{% $states.input %}"}, name


def test_item_has_title_and_details_if_given() -> None:
    items = {name: each["States"]["Register approval"]["Arguments"]["Item"] for name, each in MACHINES.items()}
    assert items["go-on"].keys() - items["fail"].keys() == {"title", "details"}
    assert value(items["go-on"]["details"]["S"], {}) == "For books"


def test_hold_assigns_only_its_decision() -> None:
    assigned = {name for state in MACHINES["go-on"]["States"].values() for name in state.get("Assign", {})}
    assert assigned == {"decision"}


def test_permissions_include_the_kms_key_of_an_encrypted_table() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    assert hold.permissions(replace(TABLE, kms_key_arn=key))[1:] == [
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": [key],
            "Condition": {"StringLike": {"kms:ViaService": ["dynamodb.*.amazonaws.com"]}},
        }
    ]
    assert "kms:" not in json.dumps(hold.permissions(TABLE))


@pytest.mark.parametrize("rejection", MACHINES)
def test_closing_a_hold_reads_the_decision_if_there_is_one(rejection: str) -> None:
    assigned = MACHINES[rejection]["States"]["Close approval"]["Assign"]["decision"]
    texts = {"message": "no", "status": "failure", "jiraStoryId": "A-1", "completedAt": "now", "decider": "Ann"}
    item = {"callback": {"M": {name: {"S": text} for name, text in texts.items()}}}
    assert value(assigned, {"states": {"result": {"Attributes": item}}}) == {**texts, "channel": None, "identity": None}
    assert value(assigned, {"states": {"result": {"Attributes": {}}}}) is None
