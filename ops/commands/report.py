"""`report`: a file about one execution, to attach to a ticket."""

from pathlib import Path
from typing import Annotated

import typer

from ops import report as reports
from ops.command import OfWorkflow, Session
from ops.errors import UsageError
from ops.execution_argument import NamedOrLatest, find

EXAMPLES = ("report", "report PROJ-12345", "report ord-1234 --to order.html")


def report(
    session: Session,
    execution: NamedOrLatest = None,
    workflow: OfWorkflow = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where to write it: a file or a folder.", show_default="report-EXECUTION.html"
        ),
    ] = None,
) -> None:
    """Write one self-contained HTML file: graph, timeline, inputs and outputs with secrets masked, retries, cost."""
    found = find(session, execution, workflow)
    name = f"report-{found.name}.html"
    path = to / name if to and to.is_dir() else to or Path(name)
    try:
        reports.write(session.target.client, found.arn, path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", "Name another file by --to") from None
    session.terminal.show(
        {"execution": found.arn, "report": str(path)},
        lambda console: console.print(f"The report of {found.name} is in {path}"),
    )
