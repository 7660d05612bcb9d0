"""`redrive`: lets a failed execution try again from where it failed."""

from typing import Annotated

import typer

from ops.command import Session
from ops.consent import Yes, confirm
from ops.program import PROGRAM

EXAMPLES = ("redrive PROJ-12345", "redrive PROJ-12345 --until-waiting", "redrive PROJ-12345 --detach")


def redrive(
    session: Session,
    execution: Annotated[str, typer.Argument(help="A name, an ARN, a story or an order.")],
    detach: Annotated[bool, typer.Option("--detach", help="Redrive, and do not follow.")] = False,
    until_waiting: Annotated[
        bool, typer.Option("--until-waiting", help="Stop following as soon as it waits for its story.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Start a failed, timed out or stopped execution again from the state that failed.

    AWS allows it for 14 days. An execution that ended in a Fail state begins again with that state.
    """
    from ops import controlling
    from ops.following import follow
    from ops.history import executions

    found = executions.find(session.target, execution)
    confirm(session, f"Redrive {found.name}", yes=yes)
    redriven = controlling.redrive(session.target, found)
    if detach:
        session.terminal.show(redriven.as_json(), lambda console: console.print(f"Redriven: {redriven.name}"))
        session.terminal.say(f"Follow it with: {PROGRAM} watch {redriven.name}")
        return
    session.terminal.line({"event": "redriven", **redriven.as_json()})
    session.terminal.say(f"Redriven: {redriven.name}\n")
    follow(session, redriven, until_waiting=until_waiting)
