"""EventBridge events of every change of an execution's status.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

import functools
import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from sandbox.interpreter import executions
from sandbox.interpreter.patch import replace

Event = dict[str, Any]

# "If the combined escaped input and escaped output ... exceeds 248 KiB, then the input will be excluded. Similarly,
# if the escaped output exceeds 248 KiB, then the output will be excluded."
MAX_DATA_BYTES = 248 * 1024

_log = logging.getLogger(__name__)
_sink: Callable[[Event], None] | None = None


def set_sink(sink: Callable[[Event], None] | None) -> None:
    """Choose who gets the events (as PutEvents would deliver them to a rule), None for nobody.

    The sink is called in the execution's own thread. At an end, it is called when the history is complete and before
    DescribeExecution shows the end, so a client that sees the end sees what the sink did. AWS does not guarantee this.
    """
    global _sink
    _sink = sink


@functools.cache
def install() -> None:
    """Hand over an event when an execution starts and when it ends."""
    run: Any = ExecutionWorker._execution_logic
    end: Any = BaseExecutionWorkerCommunication._reflect_execution_status

    def run_announced(self: Any) -> None:
        _hand_over(status_event(self._execution_communication.execution, {"exec_status": "RUNNING"}))
        run(self)

    def end_announced(self: Any) -> None:
        found = executions.outcome(self.execution.exec_worker.env)
        _hand_over(status_event(self.execution, found))
        end(self)

    replace(ExecutionWorker, "_execution_logic", run_announced)
    replace(BaseExecutionWorkerCommunication, "_reflect_execution_status", end_announced)


def status_event(execution: Any, found: dict[str, Any]) -> Event:
    """Return the event for a status; `found` is what executions.outcome() gives."""
    now = datetime.now(UTC)
    status = str(getattr(found["exec_status"], "value", found["exec_status"]))
    output = to_json_str(found["output"]) if "output" in found else None
    given: str | None = execution.execution_input
    output_fits = _size(output) <= MAX_DATA_BYTES
    input_fits = _size(given) + _size(output) <= MAX_DATA_BYTES
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": execution.account_id,
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": execution.region_name,
        "resources": [execution.execution_arn],
        "detail": {
            "executionArn": execution.execution_arn,
            "stateMachineArn": execution.state_machine_arn,
            "stateMachineVersionArn": None,
            "stateMachineAliasArn": None,
            "name": execution.name,
            "status": status,
            "startDate": _millis(execution.start_date),
            "stopDate": None if status == "RUNNING" else _millis(now),
            "input": given if input_fits else None,
            "inputDetails": {"included": input_fits},
            "output": output if output_fits else None,
            "outputDetails": None if output is None else {"included": output_fits},
            "error": found.get("error"),
            "cause": found.get("cause"),
            "redriveCount": getattr(execution, "redrive_count", 0),
        },
    }


def _hand_over(event: Event) -> None:
    if _sink is None:
        return
    try:
        _sink(event)
    except Exception:
        _log.exception("the listener to execution status changes failed on %s", event["detail"]["executionArn"])


def _size(text: str | None) -> int:
    return len(to_json_str(text).encode()) if text else 0


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
