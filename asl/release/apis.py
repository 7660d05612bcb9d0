"""The APIs of the release workflow: one branch of its Parallel state for each."""

import json

from asl.http_tasks import CONNECTION_UNAUTHORIZED, DEAUTHORIZING_ERRORS, TRANSIENT_HTTP_ERRORS, http_call
from asl.release.log import visit
from asl.release.targets import Api
from asl.states import TOO_MUCH_DATA, State, cut_cause, cut_error, jsonata, literal

RUNBOOK = "docs/runbooks/release-failed.md"

MAX_MESSAGE_LENGTH = 1_000
"""Characters of an API's message. The body keeps all of it; the results of all APIs share a state's 256 KiB."""

_RESPONSE = "$states.result.ResponseBody"

# Step Functions parses a body whose Content-Type says JSON. JSON sent as plain text is accepted too.
_BODY = rf"""(
    $type({_RESPONSE}) = 'string' and $contains({_RESPONSE}, /^\s*(\{{[\s\S]*\}}|\[[\s\S]*\])\s*$/)
    ? $parse({_RESPONSE}) : {_RESPONSE}
)"""

_STATUS_CODE = """(
    $contains($states.input.Error, 'States.Http.StatusCode.')
    ? $number($substringAfter($states.input.Error, 'States.Http.StatusCode.')) : null
)"""

# Response headers, such as cookies, do not belong in a record. The text may be cut anywhere, so that it cannot
# be relied on to be JSON: the headers go up to the last value's quote and brackets, or to the end of what was cut. No
# group repeats for each header, because an engine such as Java's takes a level of its stack for each repetition.
# JSONata finds the end of a regular expression by counting its brackets, but for those behind a backslash: hence the
# classes.
_HEADERS = r"""/"Headers":\s*\{(?:\s*\}|[\s\S]*?(?:[^\\\[:,\s](?:\\[\\])*"\s*\]?\s*\}|$)),?/"""


def state_name(api: str) -> str:
    """Return the name of the state that calls the API, such as `Validation`."""
    return api[:1].upper() + api[1:]


def rejection_error(api: str) -> str:
    """Return the error of a release for which the API answered FAILED, such as `ValidationFailed`."""
    return "".join(map(state_name, api.split("-"))) + "Failed"


def branch(name: str, api: Api) -> State:
    """Build the branch that calls an API."""
    call = http_call(
        api.url,
        api.connection_arn,
        {
            "jiraStoryId": jsonata("$story"),
            "packageIds": jsonata("$packageIds"),
            "metadata": jsonata("$metadata"),
        },
        # A retry after a lost answer repeats the call; a service that supports the key does the work
        # once. The name of an execution may have letters that a header must not.
        headers={"Idempotency-Key": jsonata(f"$encodeUrlComponent($states.context.Execution.Name) & '-{name}'")},
        timeout_seconds=api.timeout_seconds,
        retries=api.retries(TRANSIENT_HTTP_ERRORS),
    )
    unavailable = _fail(name, api) if api.required else _warn(name, api)
    state, next_state, unexplained = (state_name(name) + suffix for suffix in ("", " unavailable", " unexplained"))
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
                    "message": jsonata(
                        f"($b := {_BODY}; $type($b.message) = 'string'"
                        f" ? $substring($b.message, 0, {MAX_MESSAGE_LENGTH}) : '')"
                    ),
                    "body": jsonata(f"($b := {_BODY}; $exists($b) ? $b : null)"),
                    "visits": [jsonata(visit(state))],
                },
                "Catch": [
                    {
                        "ErrorEquals": [errors],
                        "Assign": {"visits": [jsonata(visit(state))]},
                        "Output": jsonata("$states.errorOutput"),
                        "Next": next_state,
                    }
                    for errors in (TOO_MUCH_DATA, "States.ALL")
                ],
                "End": True,
            },
            next_state: unavailable,
            **({unexplained: {"Type": "Succeed"}} if "Catch" in unavailable else {}),
        },
    }


def _fail(name: str, api: Api) -> State:
    """Build the state that follows a failed call of a required API: it fails with the call's own error."""
    return {
        "Type": "Fail",
        "Error": jsonata(cut_error("$states.input.Error")),
        "Cause": jsonata(cut_cause(_no_answer(name, api))),
    }


def _warn(name: str, api: Api) -> State:
    """Build the state that follows a failed call of an optional API: it records a warning."""
    warning = {
        "api": name,
        "status": "WARNING",
        "statusCode": jsonata(_STATUS_CODE),
        "message": jsonata(f"$substring({_no_answer(name, api)}, 0, {MAX_MESSAGE_LENGTH})"),
        "body": None,
        "visits": jsonata("$visits"),
    }
    unexplained = {**warning, "statusCode": None, "message": f"The {name} API did not answer as it should"}
    warn = f"{state_name(name)} warning"
    # A Pass has no Catch; a Parallel around it has one, so that an unreadable text from AWS does not fail the release.
    return {
        "Type": "Parallel",
        "Branches": [{"StartAt": warn, "States": {warn: {"Type": "Pass", "Output": warning, "End": True}}}],
        "Output": jsonata("$states.result[0]"),
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": unexplained, "Next": f"{state_name(name)} unexplained"}],
        "End": True,
    }


def _no_answer(name: str, api: Api) -> str:
    """Return the cause of a failed call: what happened, what to do, then AWS's own text, which may be long."""
    lost = list((*DEAUTHORIZING_ERRORS, CONNECTION_UNAUTHORIZED))
    advice = literal(
        f". After an answer 401 or 407 AWS refuses to use the connection {api.connection_name}, for every release,"
        f" until its token is set again; how: {RUNBOOK}."
    )
    cause = f"($exists($states.input.Cause) ? ' ' & $replace($states.input.Cause, {_HEADERS}, '') : '')"
    return (
        f"'The {name} API did not answer as it should: ' & $states.input.Error"
        f" & ($states.input.Error in {json.dumps(lost)} ? {advice} : '') & {cause}"
    )
