"""RedriveExecution is not implemented, and returns an error that says so.

AWS restarts an unsuccessful execution from the states that failed, even inside Parallel and Map. An error is
better than a partial implementation.
Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
"""

from typing import Any

from moto.core.exceptions import AWSError
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.patches import added


class ExecutionNotRedrivableError(AWSError):
    """The execution cannot be redriven, here or on AWS."""

    TYPE = "ExecutionNotRedrivable"


def redrive_status(execution: Any) -> dict[str, str]:
    """Return DescribeExecution's redrive fields, as AWS would: only an unsuccessful execution can be redriven."""
    if execution.status in ("RUNNING", "SUCCEEDED"):
        reason = f"Execution is {execution.status} and cannot be redriven"
        return {"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": reason}
    return {"redriveStatus": "REDRIVABLE"}


def _refuse(self: Any) -> None:
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    if execution.status in ("RUNNING", "SUCCEEDED"):
        raise ExecutionNotRedrivableError(f"The execution is {execution.status}, so it cannot be redriven")
    raise ExecutionNotRedrivableError("The sandbox cannot redrive executions; start a new one with the same input")


PATCHES = (added(StepFunctionResponse, "redrive_execution", _refuse, "lacks RedriveExecution"),)
