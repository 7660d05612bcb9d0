"""`stop`: stops a running execution."""

from typing import Annotated

import typer

from ops.aws.target import Target
from ops.command import OfWorkflow, Session
from ops.consent import Yes, confirm
from ops.errors import FailedError
from ops.execution_argument import NamedExecution, find
from ops.history import executions
from ops.history.executions import Execution
from ops.program import PROGRAM

EXAMPLES = ("stop PROJ-12345", 'stop PROJ-12345 --cause "Wrong packages"')


def stop(
    session: Session,
    execution: NamedExecution,
    workflow: OfWorkflow = None,
    error: Annotated[str, typer.Option(help="The error in error.json.")] = "StoppedByOperator",
    cause: Annotated[str, typer.Option(help="Why; written to error.json.")] = "An operator stopped it",
    yes: Yes = False,
) -> None:
    """Stop an execution. It ends as ABORTED; a later callback gets 410."""
    found = find(session, execution, workflow)
    confirm(session, f"Stop {found.name}", yes=yes)
    stopped = stop_execution(session.target, found, error, cause)
    session.terminal.show(stopped.as_json(), lambda _console: session.terminal.say(f"Stopped {stopped.name}"))


def stop_execution(target: Target, execution: Execution, error: str, cause: str) -> Execution:
    """Stop a running execution.

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
