"""Answers for stories: which one waits, and what the callback API said."""

from ops.aws import stories
from ops.aws.callback_api import Answer
from ops.aws.target import Target
from ops.errors import FailedError, UsageError
from ops.program import PROGRAM
from ops.render.terminal import Terminal

ADVICE = {
    "unauthorized": "The API does not know the token of the secret yet; try again in ten seconds",
    "not-found": f"Look which stories wait: {PROGRAM} list",
    "contradicted": f"Look what became of it: {PROGRAM} results STORY",
    "gone": f"Look what became of it: {PROGRAM} results STORY",
    "unavailable": "Send it again",
    "error": f"Look into its log: {PROGRAM} logs callback",
}
"""What to do about an answer, by its `status`."""


def the_waiting_story(target: Target) -> str:
    """The story that a release waits for, where it is one.

    Raises:
        UsageError: it is none, or more than one, or the stack is on AWS, where a story has to be named.
    """
    if not target.is_sandbox:
        raise UsageError(f"No story is given, and {target.origin} is on AWS", "Name the story")
    waiting = sorted({wait.story_id for wait in stories.waiting(target)})
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        shown = ", ".join(waiting[:10]) + (" ..." if len(waiting) > 10 else "")
        raise UsageError(f"{len(waiting)} stories are waited for: {shown}", "Name one of them")
    raise UsageError("No release waits for a story", f"Start one: {PROGRAM} start --until-waiting")


def show(terminal: Terminal, answer: Answer) -> None:
    """Print an answer of the callback API.

    Raises:
        FailedError: the callback was not taken, or an earlier one decided otherwise.
    """
    message = str(answer.body.get("message", ""))
    if answer.code >= 400:
        wrong = "".join(f"\n  {each.get('field')}: {each.get('message')}" for each in answer.body.get("errors", []))
        raise FailedError(f"{answer.code} {answer.status}: {message}{wrong}", ADVICE.get(answer.status, ""))
    names = [str(name) for name in answer.body.get("executions", [])]

    def human(_console: object) -> None:
        terminal.say(f"{answer.code} {answer.status}: {message}")
        for name in names:
            terminal.say(f"  {name}")

    terminal.show({"statusCode": answer.code, **answer.body}, human)
    if answer.body.get("agrees") is False:
        raise FailedError(
            f"The callback changes nothing: the decision {answer.body.get('decision')} holds", ADVICE["contradicted"]
        )
