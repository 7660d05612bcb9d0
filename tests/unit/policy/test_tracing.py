"""Rule of tracing."""

import pytest

from rules.tracing import TRACING_ON
from tests.unit.policy.asking import Props, told

FUNCTION, MACHINE = "aws:lambda/function:Function", "aws:sfn/stateMachine:StateMachine"


@pytest.mark.parametrize(
    ("type_", "props"),
    [(FUNCTION, {"tracingConfig": {"mode": "Active"}}), (MACHINE, {"tracingConfiguration": {"enabled": True}})],
)
def test_traced_resource_passes(type_: str, props: Props) -> None:
    assert told(TRACING_ON, type_, props) == []


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        (FUNCTION, {}),
        (FUNCTION, {"tracingConfig": {"mode": "PassThrough"}}),
        (MACHINE, {}),
        (MACHINE, {"tracingConfiguration": {"enabled": False}}),
    ],
)
def test_untraced_resource_is_reported(type_: str, props: Props) -> None:
    (message,) = told(TRACING_ON, type_, props)
    assert "is not traced. Set tracing_config" in message
