"""Guards for stacks on AWS: commands use no default input there, and ask before they change anything."""

import sys
from typing import Annotated, TypeVar

import typer

from ops.command import Session
from ops.errors import UsageError

Value = TypeVar("Value")

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation on AWS.")]


def given_or_example(session: Session, value: Value | None, example: Value, what: str) -> Value:
    """Return the value, or the example if the target is a sandbox.

    Raises:
        UsageError: no value is given, and the target is on AWS.
    """
    if value is not None:
        return value
    if session.target.is_sandbox:
        return example
    raise UsageError(f"No {what} is given, and {session.target.origin} is on AWS", f"Name the {what}")


def confirm(session: Session, action: str, *, yes: bool) -> None:
    """Ask a person to confirm the action `action` on a stack on AWS. In the sandbox, and with `--yes`, do not ask.

    Raises:
        UsageError: the answer is no, or there is no terminal to ask.
    """
    target = session.target
    if yes or target.is_sandbox:
        return
    place = f"{target.origin} on AWS (account {target.account}, {target.region})"
    if session.terminal.is_json or not sys.stdin.isatty():
        raise UsageError(f"{action}, of {place}, needs a confirmation", "Add --yes")
    if not typer.confirm(f"{action}, of {place}?", err=True):
        raise UsageError("Nothing was done", "Confirm with y, or add --yes")
