"""Stops executions, and lets them try again."""

from botocore.exceptions import ClientError

from ops.aws.errors import code
from ops.aws.target import Target
from ops.errors import FailedError
from ops.history import executions
from ops.history.executions import Execution
from ops.program import PROGRAM


def stop(target: Target, execution: Execution, error: str, cause: str) -> Execution:
    """End an execution that runs.

    Raises:
        FailedError: it has ended already.
    """
    if execution.is_over:
        raise FailedError(
            f"{execution.name} has ended already, as {execution.status}",
            f"Read what it left: {PROGRAM} results {execution.name}",
        )
    target.client("stepfunctions").stop_execution(executionArn=execution.arn, error=error, cause=cause)
    return executions.describe(target, execution.arn) or execution


def redrive(target: Target, execution: Execution) -> Execution:
    """Start an execution again from the state that failed.

    https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html

    Raises:
        FailedError: it cannot be redriven: it runs, it succeeded, it is too old, or the sandbox cannot do it.
    """
    try:
        target.client("stepfunctions").redrive_execution(executionArn=execution.arn)
    except ClientError as error:
        if code(error) != "ExecutionNotRedrivable":
            raise
        said = error.response["Error"].get("Message") or "it cannot be redriven"
        hint = f"Start it anew with its document: {PROGRAM} start" if execution.is_over else ""
        raise FailedError(f"{execution.name} is not redriven: {said}", hint) from None
    return executions.describe(target, execution.arn) or execution
