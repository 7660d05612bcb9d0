"""Functions alone at the command line."""

import json
from pathlib import Path

import pytest

from tests.e2e.operator import Operator

FUNCTIONS = (
    *(
        "callback",
        "recorder",
        "sweeper",
        "catch-up",
        "orders-finisher",
        "mock-validation",
        "mock-deployment",
        "mock-notification",
    ),
    *("user", "order", "payment", "inventory", "notification"),
)


def test_invoke_lists_the_functions(operator: Operator) -> None:
    assert tuple(operator.ok("invoke").out.split()) == FUNCTIONS
    assert tuple(operator.ok("invoke", "--list", "--json").json) == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_answers_its_example(operator: Operator, name: str) -> None:
    answer = operator.ok("invoke", name, "--json").json
    assert answer["error"] is None
    if name.startswith("mock-"):
        assert answer["payload"]["statusCode"] == 200
    elif name == "callback":
        assert json.loads(answer["payload"]["body"])["status"] == "not-found"
    assert answer["log"]


def test_failure_of_a_function_is_reported(operator: Operator, tmp_path: Path) -> None:
    payload = tmp_path / "payload.json"
    payload.write_text('{"userId": "unknown-7"}')
    failed = operator.run("invoke", "user", "--payload", str(payload))
    assert failed.code == 1
    assert "UserNotFoundError" in failed.err
    assert "python -m ops logs user" in failed.err
    shown = operator.ok("invoke", "user", "--log", "--payload", "-", given='{"userId": "ann"}').out
    assert "Answered" in shown
    assert '"userId": "ann"' in shown


@pytest.mark.parametrize(
    ("arguments", "given", "word"),
    [
        (["nothing"], None, "There is no function nothing"),
        (["user", "--payload", "nowhere.json"], None, "nowhere.json cannot be read"),
        (["user", "--payload", "-"], "{", "is not JSON"),
    ],
)
def test_invalid_arguments_of_invoke_are_refused(
    operator: Operator, arguments: list[str], given: str | None, word: str
) -> None:
    refused = operator.run("invoke", *arguments, given=given)
    assert refused.code == 2
    assert word in refused.err
