"""The APIs of the release workflow: one branch of its Parallel state each."""

from asl.release_targets import Api
from asl.states import TRANSIENT_HTTP_ERRORS, State, http_call, jsonata, retry

REQUIRED = ("validation", "deployment")
"""The APIs whose FAILED stops the workflow. A notification that fails is a warning."""

_RESPONSE = "$states.result.ResponseBody"

# Step Functions parses a body whose Content-Type says JSON. A service that calls its JSON plain text is understood too.
_BODY = rf"""(
    $type({_RESPONSE}) = 'string' and $contains({_RESPONSE}, /^\s*(\{{[\s\S]*\}}|\[[\s\S]*\])\s*$/)
    ? $parse({_RESPONSE}) : {_RESPONSE}
)"""


def required(name: str, api: Api, *, interval_seconds: int, max_attempts: int) -> State:
    """Build the branch of an API without which there is no release: it fails with the call's own error."""
    unavailable = {"Type": "Fail", "Error": jsonata("$states.input.Error"), "Cause": _no_answer(name)}
    return _branch(name, api, unavailable, interval_seconds=interval_seconds, max_attempts=max_attempts)


def optional(name: str, api: Api, *, interval_seconds: int, max_attempts: int) -> State:
    """Build the branch of an API whose failure is recorded as a warning."""
    warning = {"api": name, "status": "WARNING", "statusCode": None, "message": _no_answer(name), "body": None}
    unavailable = {"Type": "Pass", "Output": warning, "End": True}
    return _branch(name, api, unavailable, interval_seconds=interval_seconds, max_attempts=max_attempts)


def _branch(name: str, api: Api, unavailable: State, *, interval_seconds: int, max_attempts: int) -> State:
    call = http_call(
        api.url,
        api.connection_arn,
        {
            "jiraStoryId": jsonata("$story"),
            "packageIds": jsonata("$packageIds"),
            "metadata": jsonata("$metadata"),
        },
        # A retry after a lost answer repeats the call; a service that knows the key does the work once.
        # The name of an execution may hold any letters, a header must not.
        headers={"Idempotency-Key": jsonata(f"$encodeUrlComponent($states.context.Execution.Name) & '-{name}'")},
        retries=[retry(TRANSIENT_HTTP_ERRORS, interval_seconds=interval_seconds, max_attempts=max_attempts)],
    )
    state, next_state = name.capitalize(), f"{name.capitalize()} unavailable"
    return {
        "StartAt": state,
        "States": {
            state: {
                **call,
                "Output": {
                    "api": name,
                    "status": jsonata(
                        f"($b := {_BODY}; $type($b.status) = 'string' ? $uppercase($b.status) : 'SUCCESS')"
                    ),
                    "statusCode": jsonata("$states.result.StatusCode"),
                    "message": jsonata(f"($b := {_BODY}; $type($b.message) = 'string' ? $b.message : '')"),
                    "body": jsonata(f"($b := {_BODY}; $exists($b) ? $b : null)"),
                },
                "Catch": [
                    {"ErrorEquals": ["States.ALL"], "Output": jsonata("$states.errorOutput"), "Next": next_state}
                ],
                "End": True,
            },
            next_state: unavailable,
        },
    }


def _no_answer(name: str) -> str:
    cause = "($exists($states.input.Cause) ? ' ' & $states.input.Cause : '')"
    return jsonata(f"'The {name} API did not answer as it should: ' & $states.input.Error & {cause}")
