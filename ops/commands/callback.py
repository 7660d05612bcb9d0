"""`callback`: says of a story what Jira would say."""

from typing import Annotated

import typer

from ops.command import Session
from ops.consent import Yes, confirm

EXAMPLES = (
    "callback",
    'callback PROJ-12345 --message "Approved by QA"',
    'callback PROJ-12345 --status rejected --message "Tests are red"',
    "callback PROJ-12345 --signed",
    'callback PROJ-12345 --stack prod --message "Approved by QA" --yes',
)


def callback(
    session: Session,
    story: Annotated[
        str | None,
        typer.Argument(help="The story. On AWS it has to be named.", show_default="the one that is waited for"),
    ] = None,
    status: Annotated[
        str,
        typer.Option(
            help="done or success: the release goes on. failed or failure: it fails. Or a status that the stack's "
            "jiraDoneStatuses or jiraFailedStatuses name."
        ),
    ] = "done",
    message: Annotated[str | None, typer.Option(help="Why; stands in result.json or error.json.")] = None,
    signed: Annotated[
        bool, typer.Option("--signed", help="Sign the request as Jira's webhooks do, instead of sending the token.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Send the callback of a story, so that the releases that wait for it go on or fail.

    The token is read from the stack's secret. Exit code 1: the callback was not taken, or an
    earlier one decided otherwise.
    """
    from ops import answering
    from ops.aws import callback_api

    story = story or answering.the_waiting_story(session.target)
    confirm(session, f"Send the callback {status!r} of {story}", yes=yes)
    body = {"jiraStoryId": story, "message": message or f"{status}, said by an operator", "status": status}
    answer = callback_api.send(session.target, body, proof="signature" if signed else "bearer")
    answering.show(session.terminal, answer)
