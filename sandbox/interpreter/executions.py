"""The life of an execution as its API shows it: names, idempotency, stop, descriptions.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html and its neighbours
"""

import functools
import re
import threading
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import ExecutionDoesNotExist, InvalidName
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.eval.program_state import (
    ProgramEnded,
    ProgramError,
    ProgramState,
    ProgramStopped,
    ProgramTimedOut,
)
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.interpreter import surrogates
from sandbox.interpreter.execution_input import checked
from sandbox.interpreter.patch import replace
from sandbox.interpreter.redrive import redrive_status

# StopExecution answers when the execution has ended, or after this long if what listens to its end is slow.
STOP_SECONDS = 10.0
# What moto leaves out of the characters that a name must not hold: surrogates and what is no character.
_REFUSED_IN_NAME = re.compile("[\ud800-\udfff\ufffe\uffff\U0010ffff]")

_starting = threading.Lock()
_running: set[Any] = set()


def stop_running() -> None:
    """Stop every execution of this process, so that none of its threads outlives the server."""
    for execution in list(_running):
        execution.stop(stop_date=datetime.now(UTC), error=None, cause=None)


@functools.cache
def install() -> None:
    """Name, start, stop, end and describe executions as AWS does."""
    start = StepFunctionsParserBackend.start_execution

    def start_execution(
        self: Any, state_machine_arn: str, name: str | None = None, execution_input: Any = None, **options: Any
    ) -> Any:
        chosen = name or str(uuid.uuid4())
        self._validate_name(chosen)
        if _REFUSED_IN_NAME.search(chosen):
            raise InvalidName(f"Invalid Name: {surrogates.without(chosen)!r}")
        given = checked("{}" if execution_input is None else execution_input)
        # Of two calls with one name at once, one must see the other's execution.
        with _starting:
            return start(self, state_machine_arn, chosen, given, **options)

    construct: Any = Execution.__init__

    def initialise(self: Any, **options: Any) -> None:
        construct(self, **options)
        self.ended = threading.Event()
        self.environment_ready = threading.Event()

    get_environment: Any = ExecutionWorker._get_evaluation_environment

    def announce_environment(self: Any) -> Any:
        self.env = get_environment(self)
        self._execution_communication.execution.environment_ready.set()
        return self.env

    run: Any = ExecutionWorker._execution_logic

    def run_to_an_end(self: Any) -> None:
        execution = self._execution_communication.execution
        _running.add(execution)
        try:
            run(self)
        except Exception as error:
            # What the interpreter itself cannot do is the execution's failure, never an execution without an end.
            execution.error, execution.cause = "States.Runtime", f"{type(error).__name__}: {error}"
            execution.stop_date = datetime.now(UTC)
            execution.exec_status = ExecutionStatus.FAILED
        finally:
            _running.discard(execution)
            execution.environment_ready.set()
            execution.ended.set()

    replace(StepFunctionsParserBackend, "start_execution", start_execution)
    replace(Execution, "__init__", initialise)
    replace(Execution, "stop", _stop)
    replace(ExecutionWorker, "_get_evaluation_environment", announce_environment)
    replace(ExecutionWorker, "_execution_logic", run_to_an_end)
    replace(BaseExecutionWorkerCommunication, "_reflect_execution_status", _end)
    replace(StepFunctionsParserBackend, "stop_execution", _stop_execution)
    replace(StepFunctionResponse, "stop_execution", _answer_stop_execution)
    replace(StepFunctionResponse, "describe_execution", _describe_execution)
    replace(StepFunctionResponse, "describe_state_machine_for_execution", _describe_state_machine_for_execution)
    replace(StepFunctionResponse, "list_executions", _list_executions)
    StepFunctionResponse.list_state_machine_versions = _list_state_machine_versions  # type: ignore[attr-defined]  # moto has none


def outcome(environment: Any) -> dict[str, Any]:
    """Status, output, error and cause of an execution whose program has ended."""
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


def _end(self: Any) -> None:
    execution = self.execution
    found = outcome(execution.exec_worker.env)
    status = found.pop("exec_status")
    for name, value in found.items():
        setattr(execution, name, value)
    execution.stop_date = datetime.now(UTC)
    # Last: who sees the status sees everything else as well.
    execution.exec_status = status


def _stop(self: Any, stop_date: datetime, error: str | None, cause: str | None) -> None:
    self.environment_ready.wait(STOP_SECONDS)
    if self.exec_worker.env is not None:
        self.exec_worker.stop(stop_date=stop_date, cause=cause, error=error)
    self.ended.wait(STOP_SECONDS)


def _stop_execution(self: Any, execution_arn: str, error: str | None = None, cause: str | None = None) -> Any:
    execution = self.describe_execution(execution_arn)
    if execution.status == "RUNNING":
        execution.stop(stop_date=datetime.now(UTC), error=error, cause=cause)
    return execution


def _answer_stop_execution(self: Any) -> ActionResult:
    error, cause = (surrogates.without(self._get_param(name, "")) or None for name in ("error", "cause"))
    execution = self.stepfunction_backend.stop_execution(self._get_param("executionArn"), error=error, cause=cause)
    return ActionResult({"stopDate": execution.stop_date or datetime.now(UTC)})


def _summary(execution: Any) -> dict[str, Any]:
    summary = {
        "executionArn": execution.execution_arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": execution.start_date,
        "redriveCount": getattr(execution, "redrive_count", 0),
    }
    if summary["status"] != "RUNNING":
        summary["stopDate"] = execution.stop_date
    return summary


def _describe_execution(self: Any) -> ActionResult:
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    found = _summary(execution)
    found |= {"input": execution.execution_input, "inputDetails": {"included": True}}
    if found["status"] == "SUCCEEDED":
        found |= {"output": to_json_str(execution.output), "outputDetails": {"included": True}}
    elif found["status"] != "RUNNING":
        found |= {name: value for name in ("error", "cause") if (value := getattr(execution, name)) is not None}
    return ActionResult(found | redrive_status(execution))


def _list_executions(self: Any) -> ActionResult:
    arn = self._get_param("stateMachineArn")
    executions, next_token = self.stepfunction_backend.list_executions(
        arn,
        status_filter=self._get_param("statusFilter"),
        redrive_filter=self._get_param("redriveFilter"),
        max_results=self._get_int_param("maxResults"),
        next_token=self._get_param("nextToken"),
    )
    return ActionResult({"executions": [_summary(execution) for execution in executions], "nextToken": next_token})


def _describe_state_machine_for_execution(self: Any) -> ActionResult:
    arn = self._get_param("executionArn")
    backend = self.stepfunction_backend
    machine = backend.describe_execution(arn).state_machine
    if machine is None:
        raise ExecutionDoesNotExist(f"Execution Does Not Exist: '{arn}'")
    return ActionResult(
        {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "definition": machine.definition,
            "roleArn": machine.roleArn,
            "updateDate": machine.update_date,
            "loggingConfiguration": machine.loggingConfiguration,
            "tracingConfiguration": machine.tracingConfiguration,
            "encryptionConfiguration": machine.encryptionConfiguration,
        }
    )


def _list_state_machine_versions(self: Any) -> ActionResult:
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    versions = [
        {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
        for _, version in sorted(machine.versions.items(), reverse=True)
    ]
    return ActionResult({"stateMachineVersions": versions})
