"""EventBridge events of every change of an execution's status.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from sandbox.current import Current
from sandbox.interpreter.versions import associations

Event = dict[str, Any]

# "If the combined escaped input and escaped output ... exceeds 248 KiB, then the input will be excluded. Similarly,
# if the escaped output exceeds 248 KiB, then the output will be excluded."
MAX_DATA_BYTES = 248 * 1024

_log = logging.getLogger(__name__)

sink: Current[Callable[[Event], None] | None] = Current(None)
"""The receiver of the events, in the form that EventBridge delivers to a rule; None for no receiver.

It is called in the execution's own thread. At an end, it is called when the history is complete and before
DescribeExecution shows the end, so a client that sees the end sees what the sink did. AWS does not guarantee this."""


def status_event(execution: Any, found: dict[str, Any]) -> Event:
    """Return the event for a status; `found` has `exec_status`, and after the end `output`, or `error` and `cause`."""
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
            **associations(execution),
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


def announce(execution: Any, found: dict[str, Any]) -> None:
    """Pass the event for a status of the execution to the sink; see `status_event`."""
    if sink.value is None:
        return
    try:
        sink.value(status_event(execution, found))
    except Exception:
        _log.exception("the listener to execution status changes failed on %s", execution.execution_arn)


def _size(text: str | None) -> int:
    return len(to_json_str(text).encode()) if text else 0


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
