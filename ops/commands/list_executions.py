"""`list`: the latest executions, and the stories that releases wait for."""

from typing import Annotated

import typer

from ops.command import Session

EXAMPLES = ("list", "list --workflow orders --status FAILED", "list --limit 100 --json")


def list_executions(
    session: Session,
    workflow: Annotated[
        str | None,
        typer.Option(help="release or orders.", show_default="both", autocompletion=lambda: ["release", "orders"]),
    ] = None,
    status: Annotated[
        str | None, typer.Option(help="RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED or PENDING_REDRIVE.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many executions of each workflow.")] = 10,
) -> None:
    """List the latest executions of both workflows, and the stories that are waited for with their age."""
    from ops.render import listing

    asked = listing.workflows(workflow), listing.status(status)
    found = listing.look(session.target, *asked, limit)
    session.terminal.show(found.as_json(), found.print)
