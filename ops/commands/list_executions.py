"""`list`: the latest executions, and the waits for a decision."""

from typing import Annotated

import typer

from ops.aws import state_machines
from ops.command import OfWorkflow, Session

NAME = "list"

EXAMPLES = ("list", "list --workflow orders --status FAILED", "list --limit 100 --json")


def list_executions(
    session: Session,
    workflow: OfWorkflow = None,
    status: Annotated[
        str | None, typer.Option(help="RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED or PENDING_REDRIVE.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many executions of each workflow.")] = 10,
) -> None:
    """List the latest executions of every workflow, and the waits for a decision, with their age."""
    from ops.render import listing

    found = listing.look(session.target, state_machines.named(session.target, workflow), listing.status(status), limit)
    session.terminal.show(found.as_json(), found.print)
