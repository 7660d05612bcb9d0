"""`results`: what an execution left behind."""

from typing import Annotated

import typer

from ops.command import Session
from ops.history import executions
from ops.history import results as execution_results
from ops.history.executions import Workflow

EXAMPLES = ("results", "results PROJ-12345", "results PROJ-12345 --file log", "results ord-1234 --json")


def results(
    session: Session,
    execution: Annotated[
        str | None, typer.Argument(help="A name, an ARN, a story or an order.", show_default="the latest")
    ] = None,
    file: Annotated[
        str | None, typer.Option(help="One file alone, as it is in the bucket: result, log or error.")
    ] = None,
) -> None:
    """Print result.json, execution.log and error.json of a release; output and timeline of an order.

    Exit code 1: there is nothing yet.
    """
    # An order leaves no files: the latest execution that could have one is meant.
    workflows = (Workflow.RELEASE,) if file and execution is None else tuple(Workflow)
    found = executions.find(session.target, execution, workflows)
    if file:
        session.terminal.show(*execution_results.one(session.target, found, file))
    else:
        left = execution_results.read(session.target, found)
        session.terminal.show(left.as_json(), left.print)
