"""Configuration under the real engine: the schema in Pulumi.yaml, and the program's own errors."""

from typing import Any

import pytest
from pulumi import automation

import sandbox
from tests.engine.conftest import Create
from tests.engine.project import given, settings, steps

pytestmark = pytest.mark.engine

SCHEMA: dict[str, dict[str, Any]] = settings(sandbox.ROOT)["config"]
OF_ANOTHER_TYPE = {"array": "text", "boolean": "text", "integer": "text", "object": "text", "string": ["text"]}


@pytest.fixture(scope="module")
def stack(create: Create) -> automation.Stack:
    """Return a stack of ours that is never deployed."""
    return create(sandbox.ROOT, "local")


@pytest.mark.parametrize("key", SCHEMA)
def test_value_of_another_type_is_refused_with_the_key(stack: automation.Stack, key: str) -> None:
    kind = SCHEMA[key]["type"]
    with (
        given(stack, {key: OF_ANOTHER_TYPE[kind]}),
        pytest.raises(automation.CommandError, match=f"'{key}' must be of type '{kind}"),
    ):
        stack.preview()


def test_every_default_may_be_written_out_with_scalars_in_quotes(stack: automation.Stack) -> None:
    written = {key: _quoted(declared["default"]) for key, declared in SCHEMA.items() if key != "environment"}
    with given(stack, written):
        assert set(steps(stack.preview)) == {"create"}


def _quoted(value: Any) -> Any:
    if isinstance(value, list | dict):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"lambdaMemorySize": 100}, "holdpoint:lambdaMemorySize"),
        ({"lambdaMemory": 512}, "holdpoint:lambdaMemory "),
    ],
    ids=["too-small", "unknown-key"],
)
def test_error_of_the_program_reaches_the_person_who_deploys(
    stack: automation.Stack, values: dict[str, Any], error: str
) -> None:
    with given(stack, values), pytest.raises(automation.CommandError) as raised:
        stack.preview()
    assert error in str(raised.value)
    assert "Traceback" not in str(raised.value)
