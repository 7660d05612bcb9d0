"""`callback`: says of a story what Jira would say."""

from typing import Annotated

import typer

from ops.command import Session

EXAMPLES = (
    "callback",
    'callback PROJ-12345 --message "Approved by QA"',
    'callback PROJ-12345 --status rejected --message "Tests are red"',
    "callback PROJ-12345 --signed",
)


def callback(
    session: Session,
    story: Annotated[
        str | None,
        typer.Argument(help="The story.", show_default="the one that is waited for"),
    ] = None,
    status: Annotated[
        str, typer.Option(help="done or success: the release goes on. Any other word fails it.")
    ] = "done",
    message: Annotated[str | None, typer.Option(help="Why; stands in result.json or error.json.")] = None,
    signed: Annotated[
        bool, typer.Option("--signed", help="Sign the request as Jira's webhooks do, instead of sending the token.")
    ] = False,
) -> None:
    """Send the callback of a story, so that the releases that wait for it go on or fail.

    The token is read from the stack's secret. Exit code 1: the callback was not taken.
    """
    from ops import answering, callback_api

    story = story or answering.the_waiting_story(session.target)
    body = {"jiraStoryId": story, "message": message or f"{status}, said by an operator", "status": status}
    answer = callback_api.send(session.target, body, proof="signature" if signed else "bearer")
    answering.show(session.terminal, answer)
