"""The end of an execution is decided once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from moto.stepfunctions.parser.api import StateMachineType
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError, ProgramStopped, ProgramTimedOut

from sandbox.interpreter.cancellation import cancellation_alarm
from tests.unit.sandbox.interpreter.conftest import Aws


@pytest.fixture
def environment(aws: Aws) -> Environment:
    assert aws  # with it, moto is patched
    details: Any = None
    context: Any = {"Execution": {"Input": {}}}
    running = Environment(
        aws_execution_details=details,
        execution_type=StateMachineType.STANDARD,
        context=context,
        event_history_context=EventHistoryContext.of_program_start(),
        cloud_watch_logging_session=None,
        activity_store={},
    )
    running.next_state_name = "Begin"
    return running


def test_a_stopped_execution_does_not_fail(environment: Environment) -> None:
    # The state that runs at that moment cannot set what follows it, which is an error of the interpreter.
    environment.set_stop(datetime.now(UTC), cause=None, error=None)
    with pytest.raises(RuntimeError):
        environment.next_state_name = "Next"

    environment.set_error({"error": "States.Runtime"})

    assert isinstance(environment.program_state(), ProgramStopped)


def test_an_execution_that_timed_out_does_not_fail(environment: Environment) -> None:
    environment.set_timed_out()

    environment.set_error({"error": "States.Runtime"})

    assert isinstance(environment.program_state(), ProgramTimedOut)


def test_failure_wakes_waiting_tasks(environment: Environment) -> None:
    with cancellation_alarm(environment) as cancelled:
        environment.set_error({"error": "Refused"})
        assert cancelled.wait(until=0)

    state = environment.program_state()
    assert isinstance(state, ProgramError)
    assert state.error == {"error": "Refused"}
