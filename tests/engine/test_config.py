"""Configuration under the real engine: the schema in Pulumi.yaml, and the program's own errors."""

import re
from typing import Any

import pytest
from pulumi import automation

import sandbox
from tests.engine.conftest import Create
from tests.engine.project import given, settings, steps
from tests.unit.components.bad_settings import refused_values
from tests.unit.recorded_program import REAL_APIS
from tests.unit.test_program_config import CHANGES, SEEN_ALONE

pytestmark = pytest.mark.engine

SCHEMA: dict[str, dict[str, Any]] = settings(sandbox.ROOT)["config"]
REFUSED = {**refused_values(SCHEMA), "unknownKey": 1}
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


@pytest.mark.parametrize("alone", [False, True], ids=["together", "alone"])
def test_every_key_takes_another_value(stack: automation.Stack, *, alone: bool) -> None:
    values = {key: value for key, value in CHANGES.items() if (key in SEEN_ALONE) is alone}
    # The switches of `alone` are off, and without mocks every API needs a URL. Approvers decide by links. A bus of
    # another owner has to exist.
    more = REAL_APIS if alone else {"approvalLinks": True, "ordersEventBusName": "default"}
    with given(stack, {**values, **more}):
        assert set(steps(stack.preview)) == {"create"}


@pytest.mark.parametrize("key", REFUSED)
def test_value_that_the_program_refuses_is_named_to_the_person_who_deploys(stack: automation.Stack, key: str) -> None:
    with given(stack, {key: REFUSED[key]}), pytest.raises(automation.CommandError) as raised:
        stack.preview()
    assert re.search(rf"holdpoint:{key}[ .:\[]", str(raised.value))
    assert "Traceback" not in str(raised.value)
