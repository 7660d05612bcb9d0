"""`order`: submits an order, and follows it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ops.command import Session
from ops.consent import given_or_example

EXAMPLES = ("order", "order my-order.json", "order my-order.json --direct", "order --detach --json")

EXAMPLE = Path(__file__).parents[2] / "examples" / "order.json"


def order(
    session: Session,
    file: Annotated[
        Path | None,
        typer.Argument(help="The order, or - for standard input.", show_default="in the sandbox examples/order.json"),
    ] = None,
    direct: Annotated[
        bool, typer.Option("--direct", help="Start the workflow itself instead of putting an event on the bus.")
    ] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Submit, and do not follow.")] = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Send the order as it is, even if the workflow will reject it.")
    ] = False,
) -> None:
    """Submit an order as other systems do, by an event, and follow what becomes of it.

    An order that is REJECTED is a finished business case: exit code 0. Exit code 1: its execution failed.
    """
    from ops import ordering
    from ops.following import follow

    detail = ordering.read(given_or_example(session, file, EXAMPLE, "order"), is_checked=not no_check)
    submitted = ordering.start(session.target, detail) if direct else ordering.submit(session.target, detail)
    if detach:
        session.terminal.show(submitted.as_json(), lambda console: console.print(submitted.told))
        return
    session.terminal.line({"event": "submitted", **submitted.as_json()})
    session.terminal.say(submitted.told)
    execution = ordering.execution_of(session.target, submitted)
    session.terminal.line({"event": "started", **execution.as_json()})
    session.terminal.say(f"Started {execution.name}\n")
    ended = follow(session, execution)
    session.terminal.say("\n" + json.dumps(json.loads(ended.output or "null"), indent=2, ensure_ascii=False))
