"""`invoke`: calls one function alone."""

from pathlib import Path
from typing import Annotated

import typer

from ops.command import Session

EXAMPLES = ("invoke user", "invoke mock-validation --log", "invoke order --payload my-order.json", "invoke --list")


def _names() -> list[str]:
    from ops.aws.functions import OUTPUTS

    return list(OUTPUTS)


def invoke(
    session: Session,
    function: Annotated[
        str | None, typer.Argument(help="The function; --list names them.", autocompletion=_names)
    ] = None,
    payload: Annotated[
        Path | None,
        typer.Option(help="What to send, or - for standard input.", show_default="examples/payloads/FUNCTION.json"),
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Also print what the function logged.")] = False,
    names: Annotated[bool, typer.Option("--list", help="Name the functions, and do nothing.")] = False,
) -> None:
    """Invoke a function with its example payload, and print its answer.

    Exit code 1: the function raised an error. {{validation}} and the like in a payload become the stack's tokens.
    """
    from ops import invoking

    if names or function is None:
        session.terminal.show(invoking.NAMES, lambda console: console.print("\n".join(invoking.NAMES)))
        return
    answer = invoking.invoke(session.target, function, payload)
    session.terminal.show(answer.as_json(), lambda console: answer.print(console, with_log=log))
    answer.check()
