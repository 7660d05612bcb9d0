"""`decide`: approves or rejects the subject of a wait."""

import getpass
from typing import Annotated, Literal

import typer

from ops.aws import callback_api
from ops.command import Session
from ops.commands.callback import show_answer
from ops.consent import Yes, confirm

EXAMPLES = (
    'decide PROJ-12345 approve --comment "Tests are green"',
    'decide PROJ-12345 reject --comment "Tests are red"',
    "decide expense-42 approve --by ann@example.com --stack prod --yes",
)

STATUSES: dict[str, Literal["success", "failure"]] = {"approve": "success", "reject": "failure"}


def decide(
    session: Session,
    subject: Annotated[str, typer.Argument(help="The subject, as `holds` lists it.")],
    decision: Annotated[Literal["approve", "reject"], typer.Argument(help="The decision.")],
    comment: Annotated[str | None, typer.Option(help="Why; it is part of the record.")] = None,
    by: Annotated[
        str | None, typer.Option(help="Who decides, for the record.", show_default="the user of this machine")
    ] = None,
    yes: Yes = False,
) -> None:
    """Approve or reject a subject, for every workflow that waits for it.

    A hold that names approvers accepts decisions only through their own links: `holds --links`.

    The token is read from the stack's secret. Exit code 1: the decision was not taken, or an
    earlier one decided otherwise.
    """
    confirm(session, f"{decision.capitalize()} {subject}", yes=yes)
    decider = by or getpass.getuser()
    past = {"approve": "Approved", "reject": "Rejected"}[decision]
    body = {
        "subject": subject,
        "message": comment or f"{past} by {decider}",
        "status": STATUSES[decision],
        "decider": decider,
    }
    show_answer(session.terminal, callback_api.send(session.target, body), subject)
