"""A call of a function, as a resource: once, with the input as it is."""

import io
import json
from typing import Any

import pytest

from sandbox.resource_inputs import InputError, Inputs
from sandbox.resource_types import TYPES

CREATE = TYPES["aws:lambda/invocation:Invocation"]
ASKED = {"functionName": "f", "input": '{"a": 1}', "triggers": {"table": "t"}}


class Lambda:
    """The only client that is asked for, with the answer of the function."""

    def __init__(self, answer: Any, **more: Any) -> None:
        self.calls: list[dict[str, Any]] = []
        self._answer = {"Payload": io.BytesIO(json.dumps(answer).encode()), **more}

    def __call__(self, _service: str) -> Any:
        return self

    def invoke(self, **call: Any) -> dict[str, Any]:
        self.calls.append(call)
        return self._answer


def _create(clients: Any, **inputs: Any) -> tuple[str, dict[str, Any]]:
    asked = Inputs("call", {**ASKED, **inputs})
    made = CREATE(clients, asked)
    assert asked.unused() == []
    return made


def test_the_function_gets_the_input_and_its_answer_is_the_result() -> None:
    function = Lambda({"b": 2})
    identifier, outputs = _create(function)
    assert function.calls == [{"FunctionName": "f", "Qualifier": "$LATEST", "Payload": '{"a": 1}'}]
    assert identifier.startswith("f,$LATEST,")
    assert json.loads(outputs["result"]) == {"b": 2}


def test_a_function_that_fails_ends_the_deployment_with_its_message() -> None:
    with pytest.raises(RuntimeError, match=r"\(f\): no table"):
        _create(Lambda({"errorMessage": "no table"}, FunctionError="Unhandled"))


def test_calls_at_change_and_at_deletion_are_refused() -> None:
    with pytest.raises(InputError, match="lifecycleScope"):
        _create(Lambda({}), lifecycleScope="CRUD")
