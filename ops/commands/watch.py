"""`watch`: follows an execution to its end."""

from typing import Annotated

import typer

from ops.command import Session

EXAMPLES = ("watch", "watch PROJ-12345", "watch PROJ-12345 --until-waiting", "watch --json")


def watch(
    session: Session,
    execution: Annotated[
        str | None,
        typer.Argument(help="A name, an ARN, a story or an order.", show_default="the latest"),
    ] = None,
    until_waiting: Annotated[
        bool, typer.Option("--until-waiting", help="Stop as soon as the execution waits for its story.")
    ] = False,
) -> None:
    """Show live what an execution does: every state with its time, tries and waits.

    Ends with the execution, and fails as it fails (exit code 1). Ctrl-C ends the watching alone (exit code 130).
    """
    from ops.following import follow
    from ops.history import executions

    follow(session, executions.find(session.target, execution), until_waiting=until_waiting)
