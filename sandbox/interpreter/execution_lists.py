"""ListExecutions in AWS's order: moto sorts every execution by its start.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
"""

from datetime import datetime
from typing import Any

from moto.stepfunctions.models import StepFunctionBackend
from moto.stepfunctions.utils import PAGINATION_MODEL
from moto.utilities.paginator import paginate

from sandbox.interpreter.versions import is_associated
from sandbox.patches import replaced


@paginate(pagination_model=PAGINATION_MODEL)
def list_executions(
    self: Any, state_machine_arn: str, status_filter: str | None = None, redrive_filter: str | None = None
) -> list[Any]:
    """List executions, the most recent first: running ones by their start or redrive, ended ones by their end."""
    found = [
        # An end sets the status last, so an ended execution has its date.
        (_recency(execution, status), execution)
        for execution in self.describe_state_machine(state_machine_arn).executions
        if is_associated(execution, state_machine_arn)
        and (status := execution.status)
        and status_filter in (None, status)
        and redrive_filter in (None, _redrive_state(execution))
    ]
    return [execution for _, execution in sorted(found, key=lambda each: each[0], reverse=True)]


def _redrive_state(execution: Any) -> str:
    return "REDRIVEN" if getattr(execution, "redrive_count", 0) else "NOT_REDRIVEN"


def _recency(execution: Any, status: str) -> datetime:
    moment: datetime | None = getattr(execution, "redrive_date", None) if status == "RUNNING" else execution.stop_date
    return moment or execution.start_date


PATCHES = (replaced(StepFunctionBackend, "list_executions", list_executions, "sorts every execution by its start"),)
