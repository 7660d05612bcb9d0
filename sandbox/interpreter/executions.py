"""The API of executions: names, idempotency, StopExecution and descriptions.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html and its neighbours
"""

import re
import threading
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import ExecutionDoesNotExist, InvalidName
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox import surrogates
from sandbox.interpreter import versions
from sandbox.interpreter.execution_input import checked
from sandbox.interpreter.redrive import redrive_status
from sandbox.patches import replaced, wrapped

# A name must not contain surrogates or noncharacters. moto checks the other rules.
_REFUSED_IN_NAME = re.compile("[\ud800-\udfff\ufffe\uffff\U0010ffff]")

_starting = threading.Lock()


def _start_execution(
    original: Any,
    self: Any,
    state_machine_arn: str,
    name: str | None = None,
    execution_input: Any = None,
    **options: Any,
) -> Any:
    chosen = name or str(uuid.uuid4())
    self._validate_name(chosen)
    if _REFUSED_IN_NAME.search(chosen):
        raise InvalidName(f"Invalid Name: {surrogates.without(chosen)!r}")
    given = checked("{}" if execution_input is None else execution_input)
    # Of two concurrent calls with the same name, one must see the other's execution.
    with _starting:
        return original(self, state_machine_arn, chosen, given, **options)


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
        **{name: arn for name, arn in versions.associations(execution).items() if arn},
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


PATCHES = (
    wrapped(StepFunctionsParserBackend, "start_execution", _start_execution, "gives every unnamed execution one name"),
    replaced(StepFunctionsParserBackend, "stop_execution", _stop_execution, "leaves a waiting execution running"),
    replaced(StepFunctionResponse, "stop_execution", _answer_stop_execution, "drops error and cause of StopExecution"),
    replaced(StepFunctionResponse, "describe_execution", _describe_execution, "quotes no output that is a bare string"),
    replaced(
        StepFunctionResponse,
        "describe_state_machine_for_execution",
        _describe_state_machine_for_execution,
        "shows the definition as it is now, not as it was at the start",
    ),
    replaced(StepFunctionResponse, "list_executions", _list_executions, "leaves out when an execution timed out"),
)
