"""Retry and Catch match errors as AWS does."""

from typing import Any

import pytest

from sandbox.interpreter.errors import matches
from tests.unit.sandbox.interpreter.conftest import Aws


@pytest.mark.parametrize(
    ("listed", "error", "matched"),
    [
        (["States.ALL"], "Custom", True),
        (["States.ALL"], "States.Timeout", True),
        (["States.ALL"], "States.Runtime", False),
        (["States.Runtime"], "States.Runtime", False),
        (["States.ALL"], "States.DataLimitExceeded", False),
        (["States.DataLimitExceeded"], "States.DataLimitExceeded", True),
        (["States.TaskFailed"], "States.Http.StatusCode.500", True),
        (["States.TaskFailed"], "States.QueryEvaluationError", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["Custom", "Other"], "Other", True),
        (["Custom"], "Other", False),
    ],
)
def test_matches(listed: list[str | None], error: str, matched: bool) -> None:
    assert matches(listed, error) is matched


def _parallel(fails: dict[str, Any], **fields: Any) -> dict[str, Any]:
    branch = {"StartAt": "F", "States": {"F": fails}}
    return {"Type": "Parallel", "Branches": [branch], "End": True, **fields}


@pytest.mark.parametrize("error", ["States.Http.StatusCode.404", "States.QueryEvaluationError"])
def test_a_states_error_passes_out_of_a_branch_and_is_caught(aws: Aws, error: str) -> None:
    catch = [{"ErrorEquals": [error], "Next": "B", "Output": "{% $states.errorOutput %}"}]
    fail = {"Type": "Fail", "Error": error, "Cause": "c"}

    found = aws.output({"A": _parallel(fail, Catch=catch), "B": {"Type": "Succeed"}})

    assert found["Error"] == error


@pytest.mark.parametrize("error", ["States.Runtime", "States.DataLimitExceeded"])
def test_states_all_does_not_catch_terminal_errors(aws: Aws, error: str) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]

    found = aws.run({"A": _parallel({"Type": "Fail", "Error": error}, Catch=catch), "B": {"Type": "Succeed"}})

    assert (found["status"], found["error"]) == ("FAILED", error)


def test_an_error_without_a_cause_has_an_empty_one(aws: Aws) -> None:
    catch = [{"ErrorEquals": ["E"], "Next": "B"}]

    found = aws.output({"A": _parallel({"Type": "Fail", "Error": "E"}, Catch=catch), "B": {"Type": "Succeed"}})

    assert found == {"Error": "E", "Cause": ""}
