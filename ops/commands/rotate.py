"""`rotate`: new tokens for the callback, without dropping a call."""

from typing import Annotated

import typer

from ops.command import Session
from ops.consent import confirm

EXAMPLES = (
    "rotate callback",
    "rotate callback signing-key",
    "rotate callback --yes --json",
    "rotate callback --end-old",
)


def rotate(
    session: Session,
    tokens: Annotated[
        list[str],
        typer.Argument(help="callback, signing-key, or both.", autocompletion=lambda: ["callback", "signing-key"]),
    ],
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", help="Do not ask on AWS, and end a token that may still be in use."),
    ] = False,
    end_old: Annotated[
        bool, typer.Option("--end-old", help="End the old ones at once: they have leaked. Calls that carry them fail.")
    ] = False,
) -> None:
    """Make a new callback token or signing key; the one before stays valid until the next rotation.

    The tokens of the APIs are also in EventBridge connections, which Pulumi keeps: it says how those are rotated.
    """
    from ops import rotating

    deed = f"Rotate {' and '.join(tokens)}" + (" and end the old ones at once" if end_old else "")
    confirm(session, deed, yes=yes)
    done = rotating.rotate(session.target, tokens, is_confirmed=yes, ends_old=end_old)
    session.terminal.show(done.as_json(), lambda _console: session.terminal.say(done.told()))
