"""`redrive`: restarts a failed execution from the state that failed."""

from botocore.exceptions import ClientError

from ops.aws.errors import code
from ops.aws.target import Target
from ops.command import OfWorkflow, Session
from ops.commands.watch import show_begun
from ops.consent import Yes, confirm
from ops.errors import FailedError
from ops.execution_argument import Detach, NamedExecution, UntilWaiting, find
from ops.history import executions
from ops.history.executions import Execution
from ops.program import PROGRAM

EXAMPLES = ("redrive PROJ-12345", "redrive PROJ-12345 --until-waiting", "redrive PROJ-12345 --detach")


def redrive(
    session: Session,
    execution: NamedExecution,
    workflow: OfWorkflow = None,
    detach: Detach = False,
    until_waiting: UntilWaiting = False,
    yes: Yes = False,
) -> None:
    """Start a failed, timed out or stopped execution again from the state that failed.

    AWS allows it for 14 days. An execution that ended in a Fail state begins again with that state.
    """

    found = find(session, execution, workflow)
    confirm(session, f"Redrive {found.name}", yes=yes)
    redriven = redrive_execution(session.target, found)
    text = f"Redriven: {redriven.name}"
    show_begun(session, redriven, "redriven", text, redriven.as_json(), detach=detach, until_waiting=until_waiting)


def redrive_execution(target: Target, execution: Execution) -> Execution:
    """Start an execution again from the state that failed.

    https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html

    Raises:
        FailedError: it cannot be redriven: it is running, it succeeded, it is too old, or it is in a sandbox.
    """
    try:
        target.client("stepfunctions").redrive_execution(executionArn=execution.arn)
    except ClientError as error:
        if code(error) != "ExecutionNotRedrivable":
            raise
        said = error.response["Error"].get("Message") or "it cannot be redriven"
        hint = f"Start it again with its document: {PROGRAM} start" if execution.is_over else ""
        raise FailedError(f"{execution.name} is not redriven: {said}", hint) from None
    return executions.describe(target, execution.arn) or execution
