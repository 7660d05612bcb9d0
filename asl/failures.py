"""Catches that assign the failure to the variable `failure`, for a `Fail` state or a compensation."""

from asl.states import State, jsonata

CAUSE = "($exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '')"
"""AWS's own text for a failure, as JSONata inside a Catch."""


def failure(state: str, *, error: str, cause: str) -> State:
    """Assign the variable `failure`: the state that failed, the error and its cause."""
    return {"failure": {"error": error, "cause": cause, "state": state}}


def fail(state: str, *errors: str, next_state: str, error: str = "", cause: str = "", **assign: None) -> State:
    """Catch the errors, assign `failure`, and go to `next_state`."""
    found = failure(state, error=error or jsonata("$states.errorOutput.Error"), cause=cause or jsonata(CAUSE))
    return {"ErrorEquals": list(errors), "Assign": {**found, **assign}, "Next": next_state}


def go_on(*errors: str, next_state: str, assign: State | None = None) -> State:
    """Catch errors after which the workflow continues."""
    found: State = {"ErrorEquals": list(errors), "Output": {}, "Next": next_state}
    return {**found, "Assign": assign} if assign else found
