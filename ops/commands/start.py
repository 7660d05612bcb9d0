"""`start`: uploads a release's document, starts the release, and follows it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ops.command import Session
from ops.consent import given_or_example
from ops.program import PROGRAM

EXAMPLES = (
    "start",
    "start release.json --until-waiting",
    "start --key inputs/workflow-input.json --detach --json",
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "workflow-input.json"


def start(
    session: Session,
    document: Annotated[
        Path | None,
        typer.Argument(
            help="The document, or - for standard input.", show_default="in the sandbox: examples/workflow-input.json"
        ),
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="Upload nothing: the document is this object of the bucket already.")
    ] = None,
    bucket: Annotated[
        str | None, typer.Option(help="With --key: another bucket, one that the stack's inputBuckets names.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The execution's name, up to 80 letters, digits, - and _.")] = None,
    detach: Annotated[bool, typer.Option("--detach", help="Start, and do not follow.")] = False,
    until_waiting: Annotated[
        bool, typer.Option("--until-waiting", help="Follow until the release waits for its story.")
    ] = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Send the document as it is, even if the workflow will refuse it.")
    ] = False,
) -> None:
    """Start a release of a document, and follow it to its end.

    The document is checked first. Exit code 1: the release failed.
    """
    from ops import starting
    from ops.following import follow

    if key:
        started = starting.release_of(session.target, starting.refuse_both(document, key), bucket=bucket, name=name)
    else:
        file = given_or_example(session, document, EXAMPLE, "document")
        content, said = starting.document(file, is_checked=not no_check)
        started = starting.release(session.target, content, story=said, bucket=bucket, name=name)
    asked: dict[str, Any] = {"event": "started", **started.as_json(), "input": json.loads(started.input or "{}")}
    if detach:
        session.terminal.show(asked, lambda console: console.print(f"Started {started.name}"))
        session.terminal.say(f"Follow it with: {PROGRAM} watch {started.name}")
        return
    session.terminal.line(asked)
    session.terminal.say(f"Started {started.name}\n")
    follow(session, started, until_waiting=until_waiting)
