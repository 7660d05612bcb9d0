"""The life cycle of an execution: start, end, the events of both, and the history that remains."""

import threading
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.eval.program_state import (
    ProgramEnded,
    ProgramError,
    ProgramState,
    ProgramStopped,
    ProgramTimedOut,
)
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from sandbox.interpreter import completed_executions, execution_logs, status_events
from sandbox.patches import replaced, wrapped

# StopExecution answers when the execution has ended, or after this time if a listener to its end is slow.
STOP_SECONDS = 10.0


def _initialise(original: Any, self: Any, **options: Any) -> None:
    session = execution_logs.session(options["state_machine"], options["exec_arn"])
    original(self, **options | {"cloud_watch_logging_session": session})
    self.ended = threading.Event()
    self.environment_ready = threading.Event()


def _announce_environment(original: Any, self: Any) -> Any:
    self.env = original(self)
    self._execution_communication.execution.environment_ready.set()
    return self.env


def _run(original: Any, self: Any) -> None:
    execution = self._execution_communication.execution
    status_events.announce(execution, {"exec_status": ExecutionStatus.RUNNING})
    _run_to_an_end(original, self, execution)
    # Last: it releases data that the others read when an execution ends.
    completed_executions.let_go(execution, self.env)


def _run_to_an_end(run: Any, worker: Any, execution: Any) -> None:
    try:
        run(worker)
    except Exception as error:
        # An error of the interpreter itself fails the execution, so that every execution ends.
        execution.error, execution.cause = "States.Runtime", f"{type(error).__name__}: {error}"
        execution.stop_date = datetime.now(UTC)
        execution.exec_status = ExecutionStatus.FAILED
    finally:
        execution.environment_ready.set()
        execution.ended.set()


def _end(self: Any) -> None:
    execution = self.execution
    found = _outcome(execution.exec_worker.env)
    status_events.announce(execution, found)
    status = found.pop("exec_status")
    for name, value in found.items():
        setattr(execution, name, value)
    execution.stop_date = datetime.now(UTC)
    # Last: a client that sees the status must see everything else as well.
    execution.exec_status = status


def _outcome(environment: Any) -> dict[str, Any]:
    """Return status, output, error and cause of an execution whose program has ended."""
    state: ProgramState = environment.program_state()
    if isinstance(state, ProgramEnded):
        return {"exec_status": ExecutionStatus.SUCCEEDED, "output": environment.states.get_input()}
    if isinstance(state, ProgramStopped):
        return {"exec_status": ExecutionStatus.ABORTED, "error": state.error, "cause": state.cause}
    if isinstance(state, ProgramTimedOut):
        return {"exec_status": ExecutionStatus.TIMED_OUT, "error": "States.Timeout"}
    if isinstance(state, ProgramError):
        details = state.error or {}
        return {
            "exec_status": ExecutionStatus.FAILED,
            "error": details.get("error"),
            "cause": details.get("cause"),
        }
    raise RuntimeError(f"the program ended in the state {type(state).__name__}")


def _stop(self: Any, stop_date: datetime, error: str | None, cause: str | None) -> None:
    self.environment_ready.wait(STOP_SECONDS)
    if self.exec_worker.env is not None:
        self.exec_worker.stop(stop_date=stop_date, cause=cause, error=error)
    self.ended.wait(STOP_SECONDS)


PATCHES = (
    wrapped(Execution, "__init__", _initialise, "gives the interpreter nobody to log to"),
    replaced(Execution, "stop", _stop, "answers StopExecution before the execution has ended"),
    wrapped(
        ExecutionWorker,
        "_get_evaluation_environment",
        _announce_environment,
        "cannot stop an execution that has just begun",
    ),
    wrapped(
        ExecutionWorker,
        "_execution_logic",
        _run,
        "sends no status events, leaves executions without an end, and keeps all that they ran with",
    ),
    replaced(
        BaseExecutionWorkerCommunication,
        "_reflect_execution_status",
        _end,
        "sends no status events, and shows the status before the output",
    ),
)
