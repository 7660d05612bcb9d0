"""A state machine starts another one and uses its output."""

from typing import Any

from tests.unit.sandbox.interpreter.conftest import Aws


def _start(inner: str, pattern: str, **fields: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::states:startExecution{pattern}",
        "Arguments": {"StateMachineArn": inner, "Input": {"n": "{% $states.input.n %}"}},
        "End": True,
        **fields,
    }


def test_its_output_is_json(aws: Aws) -> None:
    inner = aws.machine({"A": {"Type": "Succeed", "Output": {"double": "{% $states.input.n * 2 %}"}}})

    assert aws.output({"B": _start(inner, ".sync:2", Output="{% $states.result.Output %}")}, {"n": 4}) == {"double": 8}


def test_its_failure_fails_the_task(aws: Aws) -> None:
    inner = aws.machine({"A": {"Type": "Fail", "Error": "E"}})
    catch = [{"ErrorEquals": ["States.TaskFailed"], "Next": "C", "Output": "{% $states.errorOutput.Error %}"}]
    states = {"B": _start(inner, ".sync:2", Catch=catch), "C": {"Type": "Succeed"}}

    assert aws.output(states, {"n": 1}) == "States.TaskFailed"


def test_it_is_started_without_waiting(aws: Aws) -> None:
    inner = aws.machine({"A": {"Type": "Succeed", "Output": "{% $states.input.n %}"}})

    started = aws.output({"B": _start(inner, "")}, {"n": 3})

    assert aws.ended(started["ExecutionArn"])["output"] == "3"
    assert isinstance(started["StartDate"], int)
