"""Failures of an order: the retries of each call, and the state after the last retry."""

from typing import Any

import pytest

from handlers.orders import errors
from tests.unit.asl.deciding import after, attempts, chosen, value
from tests.unit.asl.graph import states, tasks
from tests.unit.asl.orders.test_workflow import MACHINE

STATES = states(MACHINE)
FUNCTION_CALLS = [name for name, state in tasks(MACHINE).items() if state["Resource"].endswith(":lambda:invoke")]
SDK_CALLS = [name for name in tasks(MACHINE) if name not in FUNCTION_CALLS]
CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException"
QUERY_FAILED = "States.QueryEvaluationError"

REFUSALS = sorted(
    each.__name__
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, errors.OrderError) and each is not errors.OrderError
)
"""Whatever a service says of an order that cannot be, from the services' own code."""

LAMBDA_FAULTS = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
)
"""https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (Lambda.Unknown, throttling)"""

DEATHS = ("Sandbox.Timedout", "Runtime.ExitError", "States.Timeout")
"""A function that hung, or whose process died.
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html"""


@pytest.mark.parametrize("name", FUNCTION_CALLS)
@pytest.mark.parametrize("error", [*LAMBDA_FAULTS, *DEATHS, errors.ServiceUnavailableError.__name__])
def test_unanswered_service_call_is_retried(name: str, error: str) -> None:
    assert attempts(STATES[name], error) >= 2


@pytest.mark.parametrize("name", SDK_CALLS)
@pytest.mark.parametrize("error", ["DynamoDb.ProvisionedThroughputExceededException", "States.Timeout"])
def test_unanswered_table_call_is_retried(name: str, error: str) -> None:
    assert attempts(STATES[name], error) == 4


@pytest.mark.parametrize("name", SDK_CALLS)
def test_permanent_errors_are_not_retried(name: str) -> None:
    assert attempts(STATES[name], QUERY_FAILED) == 0
    if "ConditionExpression" in STATES[name]["Arguments"]:
        assert attempts(STATES[name], CONDITION_FAILED) == 0


@pytest.mark.parametrize("name", ["Get user", "Create order", "Pay and reserve", "Commit stock", "Confirm order"])
@pytest.mark.parametrize("error", [*REFUSALS, "ServiceUnavailableError", "States.Timeout"])
def test_failed_or_rejected_order_is_closed(name: str, error: str) -> None:
    if (name, error) == ("Create order", "OrderConflictError"):
        assert after(STATES[name], error)["Next"] == "Order refused"
        return
    catcher = after(STATES[name], error)
    refused = error in REFUSALS and error != "OrderConflictError"
    assert catcher["Next"] == "Close order"
    assert catcher["Assign"]["outcome"]["status"] == ("REJECTED" if refused else "FAILED")


@pytest.mark.parametrize("name", ["Take payment", "Reserve stock"])
@pytest.mark.parametrize("error", [*REFUSALS, "ServiceUnavailableError", "States.Timeout"])
def test_failed_branch_returns_its_status(name: str, error: str) -> None:
    refused = error in REFUSALS and error != "OrderConflictError"
    output = after(STATES[name], error)["Output"]
    assert (output["ok"], output["status"]) == (False, "REJECTED" if refused else "FAILED")


def test_unreadable_input_rejects_the_order() -> None:
    catcher = after(STATES["Get user"], QUERY_FAILED)
    assert (catcher["Next"], catcher["Assign"]["outcome"]["status"]) == ("Close order", "REJECTED")
    assert catcher["Assign"]["orderData"] is None


@pytest.mark.parametrize(
    ("name", "error", "next_state"),
    [
        # A condition that fails means that another execution, or an earlier try, has decided.
        ("Confirm order", CONDITION_FAILED, "Read order"),
        ("Close order", CONDITION_FAILED, "Read order"),
        ("Cancel order", CONDITION_FAILED, "Read order"),
        ("Close order", "DynamoDb.DynamoDbException", "Order failed"),
        ("Cancel order", "DynamoDb.DynamoDbException", "Order failed"),
        ("Read order", "DynamoDb.DynamoDbException", "Order failed"),
        ("Undo", "ServiceUnavailableError", "Order failed"),
        # Nothing is undone because of a customer who could not be told.
        ("Notify customer", "ServiceUnavailableError", "Record warning"),
        ("Notify cancellation", "ServiceUnavailableError", "Rejected?"),
        ("Record warning", "DynamoDb.DynamoDbException", "Confirmed with warning"),
        ("Record warning", CONDITION_FAILED, "Confirmed with warning"),
    ],
)
def test_every_other_failure_has_a_next_state(name: str, error: str, next_state: str) -> None:
    assert after(STATES[name], error)["Next"] == next_state


def test_failed_notification_is_recorded() -> None:
    for name in ("Notify customer", "Notify cancellation"):
        told = after(STATES[name], "ServiceUnavailableError")["Assign"]["notification"]
        assert told["status"] == "FAILED"
        assert value(told["reason"], _failed_with("ServiceUnavailableError")) == "ServiceUnavailableError: why"


def test_failed_order_keeps_the_cause_of_its_failure() -> None:
    for name in ("Undo", "Read order"):
        outcome = after(STATES[name], "Boom")["Assign"]["outcome"]
        assert outcome["status"] == "FAILED"
        assert value(outcome["reason"], _failed_with("Boom")).endswith("Boom: why")


@pytest.mark.parametrize(
    ("name", "variables", "next_state"),
    [
        ("Still open?", {"order": {"status": "PENDING"}}, "Pay and reserve"),
        ("Still open?", {"order": {"status": "CONFIRMED"}}, "Read order"),
        ("All well?", {"refusals": []}, "Commit stock"),
        ("All well?", {"refusals": [{"status": "FAILED"}]}, "Close order"),
        ("Anything to undo?", {"existed": True}, "Undo"),
        ("Anything to undo?", {"existed": False}, "Cancel order"),
        ("Rejected?", {"outcome": {"status": "REJECTED"}}, "Order rejected"),
        ("Rejected?", {"outcome": {"status": "FAILED"}}, "Order failed"),
    ],
)
def test_choice_states_follow_the_status_of_the_order(name: str, variables: dict[str, Any], next_state: str) -> None:
    assert chosen(STATES[name], variables) == next_state


def _failed_with(error: str) -> dict[str, Any]:
    return {"states": {"errorOutput": {"Error": error, "Cause": "why"}}}
