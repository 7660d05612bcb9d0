"""`stop`: ends an execution that runs."""

from typing import Annotated

import typer

from ops.command import Session
from ops.consent import Yes, confirm

EXAMPLES = ("stop PROJ-12345", 'stop PROJ-12345 --cause "Wrong packages"')


def stop(
    session: Session,
    execution: Annotated[str, typer.Argument(help="A name, an ARN, a story or an order.")],
    error: Annotated[str, typer.Option(help="What error.json names as the error.")] = "StoppedByOperator",
    cause: Annotated[str, typer.Option(help="Why; stands in error.json.")] = "An operator stopped it",
    yes: Yes = False,
) -> None:
    """Stop an execution. It ends as ABORTED; a callback that comes later is answered with 410."""
    from ops import controlling
    from ops.history import executions

    found = executions.find(session.target, execution)
    confirm(session, f"Stop {found.name}", yes=yes)
    stopped = controlling.stop(session.target, found, error, cause)
    session.terminal.show(stopped.as_json(), lambda _console: session.terminal.say(f"Stopped {stopped.name}"))
