"""Failures of a release: the retries of each call, and the state after the last retry."""

from typing import Any

import pytest

from tests.unit.asl.deciding import after, attempts, chosen, value
from tests.unit.asl.graph import states, tasks
from tests.unit.asl.release.test_workflow import MACHINE

STATES = states(MACHINE)
SDK_CALLS = [name for name, state in tasks(MACHINE).items() if ":aws-sdk:" in state["Resource"]]
CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException"
NO_SUCH_OBJECT = ("S3.NoSuchKeyException", "S3.NoSuchBucketException")
TOO_MUCH_DATA = "States.DataLimitExceeded"
"""`States.ALL` does not take it.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""

THROTTLED = "DynamoDb.ProvisionedThroughputExceededException"


@pytest.mark.parametrize("name", SDK_CALLS)
@pytest.mark.parametrize("error", [THROTTLED, "S3.S3Exception", "DynamoDb.DynamoDbException"])
def test_failed_aws_call_is_retried(name: str, error: str) -> None:
    assert attempts(STATES[name], error) == 4


@pytest.mark.parametrize("name", SDK_CALLS)
def test_timed_out_aws_call_is_retried_except_the_wait(name: str) -> None:
    assert attempts(STATES[name], "States.Timeout") == (0 if name == "Await story" else 4)


@pytest.mark.parametrize("name", SDK_CALLS)
def test_permanent_errors_are_not_retried(name: str) -> None:
    assert attempts(STATES[name], "States.QueryEvaluationError") == 0
    if "ConditionExpression" in STATES[name]["Arguments"]:
        assert attempts(STATES[name], CONDITION_FAILED) == 0
    if name == "Read input":
        assert [attempts(STATES[name], error) for error in NO_SUCH_OBJECT] == [0, 0]


def test_rejection_is_not_retried() -> None:
    assert attempts(STATES["Await story"], "JiraCallbackFailure") == 0


@pytest.mark.parametrize("name", ["Validation", "Deployment", "Notification"])
def test_unavailable_api_is_handled_in_its_branch(name: str) -> None:
    for error in ("States.Http.StatusCode.503", "States.Timeout", "States.QueryEvaluationError", TOO_MUCH_DATA):
        catcher = after(STATES[name], error)
        assert catcher["Next"] == f"{name} unavailable"
        assert catcher["Output"] == "{% $states.errorOutput %}"


@pytest.mark.parametrize(
    ("name", "error", "goes_on"),
    [
        ("Register story", CONDITION_FAILED, "Call APIs"),
        ("Await story", CONDITION_FAILED, "Take parked callback"),
        ("Write error", "S3.S3Exception", "Release failed"),
        ("Close story", "DynamoDb.DynamoDbException", "Write error"),
        ("Close story", CONDITION_FAILED, "Write error"),
    ],
)
def test_some_failures_continue_the_release(name: str, error: str, goes_on: str) -> None:
    assert after(STATES[name], error)["Next"] == goes_on


@pytest.mark.parametrize(
    ("name", "error", "said", "where"),
    [
        ("Read input", "States.QueryEvaluationError", "InvalidInput", "Read input"),
        ("Read input", "S3.NoSuchKeyException", "InvalidInput", "Read input"),
        ("Read input", "S3.NoSuchBucketException", "InvalidInput", "Read input"),
        ("Read input", "S3.S3Exception", "S3.S3Exception", "Read input"),
        ("Register story", "States.QueryEvaluationError", "InvalidInput", "Read input"),
        ("Register story", THROTTLED, THROTTLED, "Register story"),
        ("Call APIs", "States.Http.StatusCode.503", "States.Http.StatusCode.503", "Call APIs"),
        ("Call APIs", TOO_MUCH_DATA, TOO_MUCH_DATA, "Call APIs"),
        ("Await story", "States.Timeout", "States.Timeout", "Await story"),
        ("Await story", "JiraCallbackFailure", "JiraCallbackFailure", "Await story"),
        ("Take parked callback", THROTTLED, THROTTLED, "Take parked callback"),
        ("Write result", "S3.S3Exception", "S3.S3Exception", "Write result"),
        ("Write log", "S3.S3Exception", "S3.S3Exception", "Write log"),
    ],
)
def test_other_failures_are_recorded_with_error_and_state(name: str, error: str, said: str, where: str) -> None:
    catcher = after(STATES[name], error)
    # A hold knows its subject, and closes its item at once.
    is_registered = name in ("Await story", "Take parked callback") or (name, said) == ("Register story", THROTTLED)
    assert catcher["Next"] == ("Close story" if is_registered else "Story known?")
    failure = catcher["Assign"]["failure"]
    assert _said(failure["error"], error) == said
    assert failure["state"] == where


def test_missing_document_and_timeout_have_a_readable_cause() -> None:
    missing = after(STATES["Read input"], "S3.NoSuchKeyException")["Assign"]["failure"]["cause"]
    assert _said(missing, "") == "s3://bucket/inputs/x.json does not exist"
    late = after(STATES["Await story"], "States.Timeout")["Assign"]["failure"]["cause"]
    assert _said(late, "") == "No callback for A-1 came within 86400 seconds"


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({}, "The execution input must name a document"),
        ({"inputFile": "inputs/x.json", "bucket": 5}, "bucket must be the name of an S3 bucket"),
        ({"inputFile": "outputs/run-1/result.json"}, "s3://bucket/outputs/run-1/result.json is outside of inputs/"),
        ({"inputFile": "inputs"}, "s3://bucket/inputs is outside of inputs/"),
        ({"inputFile": "x.json", "bucket": "bucket"}, "s3://bucket/x.json is outside of inputs/"),
        ({"inputFile": "x.json", "bucket": "other"}, "s3://other/x.json is not valid JSON: why"),
        ({"inputFile": "inputs/x.json"}, "s3://bucket/inputs/x.json is not valid JSON: why"),
    ],
)
def test_invalid_input_fails_with_a_specific_cause(given: dict[str, Any], cause: str) -> None:
    catcher = after(STATES["Read input"], "States.QueryEvaluationError")["Assign"]["failure"]
    states = {"input": given, "errorOutput": {"Error": "States.QueryEvaluationError", "Cause": "why"}}
    assert catcher["error"] == "InvalidInput"
    assert value(catcher["cause"], {"states": states}).startswith(cause)


@pytest.mark.parametrize(
    ("given", "is_read"),
    [
        ({"inputFile": "inputs/a/x.json"}, True),
        ({"inputFile": "in/x.json", "bucket": "other"}, True),
        ({"inputFile": "logs/run-1/error.json"}, False),
        ({"inputFile": "inputs/x.json", "bucket": "bucket"}, True),
        ({"inputFile": "x.json", "bucket": "bucket"}, False),
    ],
)
def test_document_outside_the_prefix_is_not_read(given: dict[str, Any], is_read: bool) -> None:
    key = STATES["Read input"]["Arguments"]["Key"]
    variables = {"states": {"input": given}}
    if is_read:
        assert value(key, variables) == given["inputFile"]
        return
    with pytest.raises(Exception, match="no inputFile"):
        value(key, variables)


def _said(text: str, error: str) -> Any:
    """Return the value of an expression after a failed call for a usual document."""
    given = {"input": {"inputFile": "inputs/x.json"}, "errorOutput": {"Error": error, "Cause": "why"}}
    return value(text, {"states": given, "story": "A-1"})


@pytest.mark.parametrize(
    ("story", "error", "next_state"),
    [
        ("A-1", "States.Timeout", "Close story"),
        ("A-1", "InvalidInput", "Write error"),
        (None, "S3.S3Exception", "Write error"),
    ],
)
def test_story_is_closed_only_if_registered(story: str | None, error: str, next_state: str) -> None:
    assert chosen(STATES["Story known?"], {"story": story, "failure": {"error": error}}) == next_state


@pytest.mark.parametrize(("status", "next_state"), [("success", "Write result"), ("failure", "Close story")])
def test_parked_callback_decides_like_a_later_one(status: str, next_state: str) -> None:
    assert chosen(STATES["Parked as failed?"], {"callback": {"status": status}}) == next_state


@pytest.mark.parametrize(
    ("failed", "next_state"),
    [
        ((), "Await story"),
        (("validation",), "Story known?"),
        (("deployment",), "Story known?"),
        (("notification",), "Await story"),
    ],
)
def test_release_continues_unless_a_required_api_failed(failed: tuple[str, ...], next_state: str) -> None:
    names = ("validation", "deployment", "notification")
    apis = [{"api": name, "status": "FAILED" if name in failed else "SUCCESS", "message": ""} for name in names]
    assert chosen(STATES["Approved?"], {"apis": apis}) == next_state


@pytest.mark.parametrize(
    ("body", "next_state"),
    [("x" * 200_000, "Await story"), ("x" * 221_000, "Story known?"), ("é" * 60_000, "Story known?")],
)
def test_release_with_an_oversized_result_fails_before_the_wait(body: str, next_state: str) -> None:
    apis = [{"api": "validation", "status": "SUCCESS", "message": "", "body": body}]
    assert chosen(STATES["Approved?"], {"apis": apis, "packageIds": ["web-1"], "metadata": {}}) == next_state
