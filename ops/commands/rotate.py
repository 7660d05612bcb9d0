"""`rotate`: new tokens for the callback, without dropping a call."""

from typing import Annotated

import typer

from ops.command import Session

EXAMPLES = ("rotate callback", "rotate callback signing-key", "rotate callback --yes --json")


def rotate(
    session: Session,
    tokens: Annotated[
        list[str],
        typer.Argument(help="callback, signing-key, or both.", autocompletion=lambda: ["callback", "signing-key"]),
    ],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Even if that ends the life of a token that may still be in use.")
    ] = False,
) -> None:
    """Make a new callback token or signing key; the one before stays valid until the next rotation.

    The tokens of the APIs are also in EventBridge connections, which Pulumi keeps: it says how those are rotated.
    """
    from ops import rotating

    done = rotating.rotate(session.target, tokens, is_confirmed=yes)
    session.terminal.show(done.as_json(), lambda _console: session.terminal.say(done.told()))
