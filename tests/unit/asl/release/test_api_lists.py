"""Releases with one API, with ten, and with optional ones: results are lists, and sizes stay within the limits."""

import json
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

import pytest

from asl import release
from asl.release.apis import MAX_MESSAGE_LENGTH
from asl.release.document import MAX_STORY_LENGTH
from asl.release.targets import Api, Targets
from asl.release.tasks import MAX_MESSAGE_LENGTH as MAX_CALLBACK_LENGTH
from asl.release.workflow import MAX_RECORD_BYTES
from handlers.callback.issue_event import MAX_DECIDER_LENGTH
from tests.unit.asl.deciding import chosen, value
from tests.unit.asl.graph import states
from tests.unit.asl.release.test_log import states as seen_by
from tests.unit.asl.release.test_workflow import TARGETS, api

DEFINITION_BYTES = 1_048_576
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html"""

STATE_BYTES = 262_144
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

EXECUTION_NAME_LENGTH = 80
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""

STATE_NAME_LENGTH = 80
"""https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"""

LONGEST_NAME = "a-name-as-long-as-is"


def machine(apis: Mapping[str, Api]) -> dict[str, Any]:
    """Return the release definition for these APIs."""
    targets = Targets(**{**TARGETS.__dict__, "apis": apis})
    return release.definition(targets, timeout_seconds=90_000, callback_timeout_seconds=86_400)


ONE = {"policy-check": api("policy-check")}
TEN = {f"{LONGEST_NAME[:-1]}{number}": api(LONGEST_NAME, required=number % 2 == 0) for number in range(10)}
CALLBACK = {
    **{"status": "success", "message": "Go", "decider": None, "channel": "jira-automation"},
    "completedAt": "2025-06-03T04:20:00.000000Z",
}
OPTIONAL = {name: api(name, required=False) for name in ("audit", "notification")}


def _answers(apis: Mapping[str, Api], status: str = "SUCCESS", message: str = "fine") -> list[dict[str, Any]]:
    return [{"api": name, "status": status, "statusCode": 200, "message": message, "body": None} for name in apis]


def _written(apis: Mapping[str, Api], answers: list[dict[str, Any]], **more: Any) -> Any:
    """Return the arguments of the state that writes the result."""
    variables = {
        **{"story": "PROJ-1", "packageIds": ["web-1"], "metadata": {}, "apis": answers, "timeline": []},
        **{"callback": CALLBACK, "states": seen_by("Write result"), **more},
    }
    return _evaluated(machine(apis)["States"]["Write result"]["Arguments"], variables)


def _evaluated(part: Any, variables: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        return {key: _evaluated(each, variables) for key, each in part.items()}
    if isinstance(part, list):
        return [_evaluated(each, variables) for each in part]
    return value(part, variables) if isinstance(part, str) else part


def test_each_api_call_has_the_timeout_and_retries_of_its_target() -> None:
    calls = {name: states(machine(TARGETS.apis))[name.capitalize()] for name in TARGETS.apis}
    assert [(call["TimeoutSeconds"], *_retries(call)) for call in calls.values()] == [
        (45, 2, 3),
        (20, 3, 2),
        (45, 2, 3),
    ]


def _retries(call: dict[str, Any]) -> tuple[int, int]:
    (retrier,) = call["Retry"]
    return retrier["IntervalSeconds"], retrier["MaxAttempts"]


@pytest.mark.parametrize("apis", [ONE, TARGETS.apis, TEN], ids=["one", "three", "ten"])
def test_api_results_are_a_list_in_the_order_of_the_apis(apis: Mapping[str, Api]) -> None:
    results = [{**each, "visits": [f"visit of {each['api']}"]} for each in _answers(apis)]
    assign = machine(apis)["States"]["Call APIs"]["Assign"]
    variables = {"timeline": [], "states": seen_by("Call APIs", result=results)}
    assert value(assign["apis"], variables) == _answers(apis)
    assert value(assign["timeline"], variables)[1:] == [f"visit of {name}" for name in apis]


@pytest.mark.parametrize("apis", [ONE, TARGETS.apis, TEN], ids=["one", "three", "ten"])
def test_result_and_log_contain_every_api(apis: Mapping[str, Api]) -> None:
    answers = _answers(apis, status="WARNING", message="look")
    body = _written(apis, answers)["Body"]
    assert body["parallelResults"] == answers
    assert body["warnings"] == [f"{name}: look" for name in apis]
    variables = {"story": "A-1", "packageIds": ["p"], "apis": answers, "callback": CALLBACK}
    text = machine(apis)["States"]["Write log"]["Arguments"]["Body"]
    written = value(text, {**variables, "timeline": ["  x"], "states": seen_by("Write log")})
    assert [f"{name.capitalize()} status: WARNING" in written for name in apis] == [True] * len(apis)


@pytest.mark.parametrize("apis", [ONE, TARGETS.apis, TEN, OPTIONAL], ids=["one", "three", "ten", "optional"])
def test_only_a_required_api_can_fail_the_release(apis: Mapping[str, Api]) -> None:
    choice = machine(apis)["States"]["Approved?"]
    for name, target in apis.items():
        answers = [{**each, "status": "FAILED" if each["api"] == name else "SUCCESS"} for each in _answers(apis)]
        variables = {"apis": answers, "packageIds": ["web-1"], "metadata": {}}
        assert chosen(choice, variables) == ("Story known?" if target.required else "Await story")


def test_error_of_a_rejection_is_one_word() -> None:
    failure = machine(ONE)["States"]["Approved?"]["Choices"][0]["Assign"]["failure"]
    variables = {"apis": _answers(ONE, status="FAILED", message="no")}
    assert value(failure["error"], variables) == "PolicyCheckFailed"
    assert value(failure["cause"], variables) == "The policy-check API said FAILED: no"


def test_unavailable_api_is_a_warning_if_optional_else_a_failure() -> None:
    endings = {
        name: states(machine({name: each}))[f"{name.capitalize()} unavailable"]["Type"] for name, each in TEN.items()
    }
    assert endings == {name: "Fail" if each.required else "Parallel" for name, each in TEN.items()}


def test_definition_of_ten_apis_with_longest_names_fits_the_limit() -> None:
    ten = machine(TEN)
    assert len(json.dumps(ten, indent=2)) < DEFINITION_BYTES / 8
    assert max(len(name) for name in states(ten)) <= STATE_NAME_LENGTH


def test_state_names_cannot_collide_with_api_names() -> None:
    # The state that calls an API has the API's name with a capital: one word.
    assert [name for name in machine(ONE)["States"] if " " not in name and "?" not in name] == []


def test_largest_result_of_ten_apis_fits_the_payload_limit() -> None:
    answers = _answers(TEN, status="WARNING", message="😀" * MAX_MESSAGE_LENGTH)
    variables = {"packageIds": ["web-1"], "metadata": {}, "apis": answers}
    choice = machine(TEN)["States"]["Approved?"]

    def is_too_large(length: int) -> bool:
        answers[0]["body"] = "x" * length
        return chosen(choice, variables) == "Story known?"

    # The longest body with which people are still asked.
    is_too_large(bisect_left(range(MAX_RECORD_BYTES), True, key=is_too_large) - 1)
    callback = {**CALLBACK, "message": "😀" * MAX_CALLBACK_LENGTH * 2, "decider": "😀" * MAX_DECIDER_LENGTH}
    execution = {"context": {"Execution": {"Name": "😀" * EXECUTION_NAME_LENGTH}}}
    written = _written(TEN, answers, callback=callback, story=f"{'A' * (MAX_STORY_LENGTH - 2)}-1", states=execution)
    assert len(written["Body"]["warnings"]) == len(TEN)
    size = len(json.dumps(written, ensure_ascii=False).encode())
    assert size <= STATE_BYTES


def test_warning_of_an_optional_api_is_cut_to_the_message_limit() -> None:
    warning = states(machine(OPTIONAL))["Audit warning"]["Output"]
    variables = {"states": {"input": {"Error": "States.Http.StatusCode.400", "Cause": "x" * 30_000}}}
    assert len(value(warning["message"], variables)) == MAX_MESSAGE_LENGTH
