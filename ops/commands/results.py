"""`results`: the files, output and error of an execution."""

from typing import Annotated

import typer

from ops.aws.state_machines import Workflow
from ops.command import OfWorkflow, Session
from ops.execution_argument import NamedOrLatest, find
from ops.render import results as execution_results

EXAMPLES = ("results", "results PROJ-12345", "results PROJ-12345 --file log", "results ord-1234 --json")


def results(
    session: Session,
    execution: NamedOrLatest = None,
    workflow: OfWorkflow = None,
    file: Annotated[
        str | None, typer.Option(help="Print one file as it is in the bucket: result, log or error.")
    ] = None,
) -> None:
    """Print result.json, execution.log and error.json of a release; output and timeline of an order;
    output and error of any other execution.

    Exit code 1: there is nothing yet.
    """
    # Only a release has files, so choose the latest execution of a release.
    name = Workflow.RELEASE if file and execution is None and workflow is None else workflow
    found = find(session, execution, name)
    if file:
        session.terminal.show(*execution_results.one(session.target, found, file))
    else:
        left = execution_results.read(session.target, found)
        session.terminal.show(left.as_json(), left.print)
