"""The strict reader finds what boto3 forgives."""

import json
from typing import Any

import botocore.session
import pytest

from tests.unit.sandbox.replay.strict import StrictReader

FINE = {"Configuration": {"FunctionName": "f", "Timeout": 3, "Layers": [{"Arn": "a"}], "Description": None}}


def _read(answer: Any) -> list[str]:
    operation = botocore.session.get_session().get_service_model("lambda").operation_model("GetFunction")
    reader = StrictReader()
    reader._read(operation, {"body": json.dumps(answer).encode(), "status_code": 200})
    return reader.problems


def test_answer_of_the_right_types_is_fine() -> None:
    assert _read(FINE) == []


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("Timeout", "3", "is '3', which is no integer"),
        ("Timeout", True, "is True, which is no integer"),
        ("FunctionName", 1, "is 1, which is no string"),
        ("Layers", {}, "is {}, which is no list"),
        ("Layers", [{"CodeSize": "1"}], "[0].CodeSize is '1', which is no long"),
        ("Environment", {"Variables": {"A": 1}}, ".Variables.A is 1, which is no string"),
    ],
)
def test_wrong_type_is_found_with_its_place(name: str, value: Any, problem: str) -> None:
    answer = {"Configuration": {**FINE["Configuration"], name: value}}
    (found,) = _read(answer)
    assert found.startswith(f"lambda.GetFunction.Configuration.{name}")
    assert found.endswith(problem)
