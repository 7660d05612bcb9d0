"""The arguments of commands that work on one execution, and how they find it."""

from typing import Annotated

import typer

from ops.aws import state_machines
from ops.command import Session
from ops.history import executions
from ops.history.executions import Execution

_HELP = "A name, an ARN, a story, an order or a subject."

NamedExecution = Annotated[str, typer.Argument(help=_HELP)]
NamedOrLatest = Annotated[str | None, typer.Argument(help=_HELP, show_default="the latest")]


def find(session: Session, execution: str | None, workflow: str | None) -> Execution:
    """Find an execution of one or of every workflow; without a name, the latest."""
    return executions.find(session.target, execution, state_machines.named(session.target, workflow))
