"""`callback`: sends the callback that Jira would send."""

from typing import Annotated

import typer

from ops.aws import callback_api, stories
from ops.aws.callback_api import Answer
from ops.aws.target import Target
from ops.command import Session
from ops.consent import Yes, confirm
from ops.errors import FailedError, UsageError
from ops.program import PROGRAM
from ops.render.terminal import Terminal

EXAMPLES = (
    "callback",
    'callback PROJ-12345 --message "Approved by QA"',
    'callback PROJ-12345 --status rejected --message "Tests are red"',
    "callback PROJ-12345 --signed",
    'callback PROJ-12345 --stack prod --message "Approved by QA" --yes',
)

ADVICE = {
    "unauthorized": "The API does not know the token of the secret yet; try again in ten seconds",
    "not-found": f"Look what waits for a decision: {PROGRAM} holds",
    "forbidden": f"Approvers decide, each by a link of their own: {PROGRAM} holds --links",
    "contradicted": f"Look what became of it: {PROGRAM} results {{subject}}",
    "gone": f"Look what became of it: {PROGRAM} results {{subject}}",
    "unavailable": "Send it again",
    "error": f"Read its log: {PROGRAM} logs callback",
}
"""The advice for each `status` of an answer. Some name the subject of the decision."""


def callback(
    session: Session,
    story: Annotated[
        str | None,
        typer.Argument(help="The story. On AWS it has to be named.", show_default="the only one with a wait"),
    ] = None,
    status: Annotated[
        str,
        typer.Option(
            help="done or success: the release continues. failed or failure: it fails. Or a status that the stack's "
            "jiraDoneStatuses or jiraFailedStatuses name."
        ),
    ] = "done",
    message: Annotated[str | None, typer.Option(help="Why; written to result.json or error.json.")] = None,
    signed: Annotated[
        bool, typer.Option("--signed", help="Sign the request as Jira's webhooks do, instead of sending the token.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Send the callback of a story, so that the releases that wait for it continue or fail.

    The token is read from the stack's secret. Exit code 1: the callback was not taken, or an
    earlier one decided otherwise.
    """
    story = story or waiting_story(session.target)
    confirm(session, f"Send the callback {status!r} of {story}", yes=yes)
    body = {"jiraStoryId": story, "message": message or f"{status}, said by an operator", "status": status}
    answer = callback_api.send(session.target, body, proof="signature" if signed else "bearer")
    show_answer(session.terminal, answer, story)


def waiting_story(target: Target) -> str:
    """Return the story that releases wait for, if there is exactly one.

    Raises:
        UsageError: releases wait for no story or for several, or the stack is on AWS, where a story has to be named.
    """
    if not target.is_sandbox:
        raise UsageError(f"No story is given, and {target.origin} is on AWS", "Name the story")
    waiting = sorted({wait.story_id for wait in stories.waiting(target)})
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        shown = ", ".join(waiting[:10]) + (" ..." if len(waiting) > 10 else "")
        raise UsageError(f"{len(waiting)} stories have waiting releases: {shown}", "Name one of them")
    raise UsageError("No release waits for a story", f"Start one: {PROGRAM} start --until-waiting")


def show_answer(terminal: Terminal, answer: Answer, subject: str) -> None:
    """Print an answer of the callback API to a decision on `subject`.

    Raises:
        FailedError: the callback was not taken, or an earlier one decided otherwise.
    """
    message = str(answer.body.get("message", ""))
    if answer.code >= 400:
        wrong = "".join(f"\n  {each.get('field')}: {each.get('message')}" for each in answer.body.get("errors", []))
        advice = ADVICE.get(answer.status, "").format(subject=subject)
        raise FailedError(f"{answer.code} {answer.status}: {message}{wrong}", advice)
    names = [str(name) for name in answer.body.get("executions", [])]

    def human(_console: object) -> None:
        terminal.say(f"{answer.code} {answer.status}: {message}")
        for name in names:
            terminal.say(f"  {name}")

    terminal.show({"statusCode": answer.code, **answer.body}, human)
    if answer.body.get("agrees") is False:
        raise FailedError(
            f"The callback changes nothing: the decision {answer.body.get('decision')} holds",
            ADVICE["contradicted"].format(subject=subject),
        )
