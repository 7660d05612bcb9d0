"""API branches of a release: a failed API leaves its error, without the response's headers."""

import json
from typing import Any

import pytest

from tests.unit.asl.deciding import value
from tests.unit.asl.graph import states
from tests.unit.asl.release.test_workflow import MACHINE


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"set-cookie": "secret"},
        {"set-cookie": ["secret"], "b": [""]},
        {"a": [']} secret"']},
        {"a": ["secret\\"]},
        {"a": ['"}']},
        {f"header-{number}": ["secret"] for number in range(2_000)},
    ],
)
def test_error_of_an_api_leaves_out_response_headers(headers: dict[str, Any], separators: tuple[str, str]) -> None:
    text = states(MACHINE)["Notification warning"]["Output"]["message"]
    answer = json.dumps({"Headers": headers, "ResponseBody": {"why": 'no "} idea'}}, separators=separators)

    whole = value(text, {"states": {"input": {"Error": "E", "Cause": answer}}})
    cut = value(text, {"states": {"input": {"Error": "E", "Cause": answer[: answer.index("ResponseBody") - 8]}}})

    assert json.loads(whole[whole.index("{") :]) == {"ResponseBody": {"why": 'no "} idea'}}
    assert "secret" not in whole + cut


def test_unwritable_warning_does_not_fail_the_release() -> None:
    unavailable = states(MACHINE)["Notification unavailable"]
    (catcher,) = unavailable["Catch"]

    assert catcher["ErrorEquals"] == ["States.ALL"]
    assert catcher["Output"]["status"] == "WARNING"
    assert states(MACHINE)[catcher["Next"]]["Type"] == "Succeed"
