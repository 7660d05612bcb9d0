"""`watch`: follows an execution to its end."""

import json
from collections.abc import Mapping
from typing import Any

from ops.aws.sandboxes import CONSOLE_PATH
from ops.aws.state_machines import Workflow
from ops.command import OfWorkflow, Session
from ops.errors import FailedError
from ops.execution_argument import NamedOrLatest, UntilWaiting, find
from ops.history.executions import Execution
from ops.history.follow import snapshots
from ops.program import PROGRAM
from ops.render.views import view

EXAMPLES = (
    "watch",
    "watch PROJ-12345",
    "watch PROJ-12345 --until-waiting",
    "watch --workflow expenses",
    "watch --json",
)


def watch(
    session: Session,
    execution: NamedOrLatest = None,
    workflow: OfWorkflow = None,
    until_waiting: UntilWaiting = False,
) -> None:
    """Show live what an execution does: every state with its times, attempts and waits.

    The command ends with the execution, and fails if it fails (exit code 1). Ctrl-C ends only the command (exit code
    130).
    """
    found = find(session, execution, workflow)
    follow(session, found, until_waiting=until_waiting)


def follow(session: Session, execution: Execution, *, until_waiting: bool = False) -> Execution:
    """Show an execution until it ends, or until it waits for a callback if that is enough.

    Raises:
        FailedError: it did not succeed.
    """
    terminal = session.terminal
    try:
        with view(terminal) as shown:
            for snapshot in snapshots(session.target, execution, until_waiting=until_waiting):
                shown.take(snapshot)
                execution = snapshot.execution
    except KeyboardInterrupt:
        terminal.say(f"\nThe execution goes on. Follow it with: {PROGRAM} watch {execution.name}")
        raise
    if not execution.is_over:
        if session.target.is_sandbox:
            terminal.say(f"\nOr by a button in the console: {session.target.outputs['endpoint_url']}{CONSOLE_PATH}")
        return execution
    ended = {"output": json.loads(execution.output or "null"), "error": execution.error, "cause": execution.cause}
    terminal.line({"event": "ended", **execution.as_json(), **ended})
    if not execution.succeeded:
        raise failure(execution)
    if execution.workflow == Workflow.RELEASE:
        terminal.say(f"\nRead what it left with: {PROGRAM} results {execution.name}")
    return execution


def show_begun(
    session: Session,
    execution: Execution,
    event: str,
    text: str,
    shown: Mapping[str, Any],
    *,
    detach: bool,
    until_waiting: bool,
) -> None:
    """Show an execution that a command started, and follow it unless `detach`.

    `event` and `shown` are its JSON output, `text` is for people.

    Raises:
        FailedError: the execution failed.
    """
    if detach:
        session.terminal.show(shown, lambda console: console.print(text))
        session.terminal.say(f"Follow it with: {PROGRAM} watch {execution.name}")
        return
    session.terminal.line({"event": event, **shown})
    session.terminal.say(f"{text}\n")
    follow(session, execution, until_waiting=until_waiting)


def failure(execution: Execution) -> FailedError:
    """Return why an execution did not succeed."""
    reason = f": {execution.error}" if execution.error else ""
    cause = f": {execution.cause}" if execution.cause else ""
    return FailedError(
        f"{execution.name} ended as {execution.status}{reason}{cause}",
        f"Read more with: {PROGRAM} results {execution.name}",
    )
