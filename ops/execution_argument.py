"""The arguments of commands that find, start or follow one execution."""

from typing import Annotated

import typer

from ops.aws import state_machines
from ops.command import Session
from ops.history import executions
from ops.history.executions import Execution

_HELP = "A name, an ARN, a story, an order or a subject."

NamedExecution = Annotated[str, typer.Argument(help=_HELP)]
NamedOrLatest = Annotated[str | None, typer.Argument(help=_HELP, show_default="the latest")]

NewName = Annotated[
    str | None, typer.Option("--name", help="The new execution's name, up to 80 letters, digits, - and _.")
]
Detach = Annotated[bool, typer.Option("--detach", help="Do not follow the execution.")]
UntilWaiting = Annotated[
    bool, typer.Option("--until-waiting", help="Follow only until the execution waits for a decision.")
]


def find(session: Session, execution: str | None, workflow: str | None) -> Execution:
    """Find an execution of one or of every workflow; without a name, the latest."""
    return executions.find(session.target, execution, state_machines.named(session.target, workflow))
