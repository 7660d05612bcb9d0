"""`start`: uploads a release's document and starts the release, or starts another workflow, and follows it."""

import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from ops.aws import state_machines
from ops.aws.state_machines import StateMachine, Workflow
from ops.aws.target import Target
from ops.command import OfWorkflow, Session
from ops.commands.watch import show_begun
from ops.consent import given_or_example
from ops.errors import UsageError
from ops.execution_argument import Detach, NewName, UntilWaiting
from ops.history import new_executions
from ops.history.executions import Execution
from ops.history.new_executions import checked_name, new_name

EXAMPLES = (
    "start",
    "start release.json --until-waiting",
    "start --key inputs/workflow-input.json --detach --json",
    "start --workflow expenses expense.json",
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "workflow-input.json"

NO_STORY = "release"

DEFAULT_INPUT_FOLDER = "inputs/"

_EXAMPLE = re.compile(r'"inputFile": "(?P<folder>[^"]*/)[^"/]*"')


def start(
    session: Session,
    document: Annotated[
        Path | None,
        typer.Argument(
            help="The release's document, or the input of another workflow; - for standard input.",
            show_default="in the sandbox: examples/workflow-input.json",
        ),
    ] = None,
    workflow: OfWorkflow = None,
    key: Annotated[
        str | None, typer.Option(help="Upload nothing, and use this object of the bucket as the document.")
    ] = None,
    bucket: Annotated[
        str | None, typer.Option(help="With --key: another bucket, one that the stack's inputBuckets names.")
    ] = None,
    name: NewName = None,
    detach: Detach = False,
    until_waiting: UntilWaiting = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Send the document as it is, even if the release will refuse it.")
    ] = False,
) -> None:
    """Start a release of a document, or another workflow with an input, and follow it to its end.

    A release's document is checked first. Exit code 1: the execution failed.
    """
    machine = _which(session.target, workflow)
    if machine.kind != Workflow.RELEASE:
        if key or bucket:
            raise UsageError(f"--key and --bucket are of releases, and not of {machine.kind}", "Name a file")
        content = _input(session.target, document, machine)
        started = start_other(session.target, machine, content, name)
    elif key:
        started = start_release_of(session.target, refuse_both(document, key), bucket=bucket, name=name)
    else:
        file = given_or_example(session, document, EXAMPLE, "document")
        content, said = read_document(file, is_checked=not no_check)
        started = start_release(session.target, content, story=said, bucket=bucket, name=name)
    asked: dict[str, Any] = {"event": "started", **started.as_json(), "input": json.loads(started.input or "{}")}
    text = f"Started {started.name}"
    show_begun(session, started, "started", text, asked, detach=detach, until_waiting=until_waiting)


def _which(target: Target, workflow: str | None) -> StateMachine:
    """Return the state machine of that name; without a name, the release's, or the only one of the stack.

    Raises:
        UsageError: there is none of that name, or none is named and there are several.
    """
    found = state_machines.named(target, workflow)
    if workflow is None:
        found = tuple(each for each in found if each.kind == Workflow.RELEASE) or found
    if len(found) > 1:
        raise UsageError(
            f"{target.origin} has the workflows {', '.join(each.kind for each in found)}", "Name one by --workflow"
        )
    return found[0]


def _input(target: Target, file: Path | None, machine: StateMachine) -> bytes:
    from ops import documents

    if file is None:
        raise UsageError(
            f"No input is given for {machine.kind} of {target.origin}", "Name its file, or - for standard input"
        )
    return documents.read(file)


def read_document(file: Path, *, is_checked: bool) -> tuple[bytes, str]:
    """Return the content of a document, and its story if it names one.

    Raises:
        UsageError: it cannot be read, or the check finds that it would be refused.
    """
    # Imported here because it imports pydantic, which --help does not need.
    from ops import documents

    content = documents.read(file)
    if is_checked:
        return content, documents.check_release(content, str(file)).jiraStoryId
    try:
        said = json.loads(content)["jiraStoryId"]
    except (ValueError, TypeError, KeyError):
        said = None
    return content, said if isinstance(said, str) else NO_STORY


def refuse_both(file: Path | None, key: str) -> str:
    """Return the key, unless a file is named as well.

    Raises:
        UsageError: both are named.
    """
    if file is not None:
        raise UsageError(f"Both a document ({file}) and --key are given", "Give one of them")
    return key


def start_release(target: Target, content: bytes, *, story: str, bucket: str | None, name: str | None) -> Execution:
    """Upload a document under a unique key, so that no other start can change it, and start its release.

    Raises:
        UsageError: the name is taken or invalid, or another bucket was named without a key.
    """
    if bucket:
        raise UsageError("--bucket names where --key is; a document is uploaded to the stack's own bucket", "Add --key")
    fresh = new_name(story)
    name = checked_name(name) or fresh
    key = f"{_input_folder(target)}{fresh}.json"
    target.client("s3").put_object(
        Bucket=target["s3_bucket_name"], Key=key, Body=content, ContentType="application/json"
    )
    return _start_release(target, {"inputFile": key}, name)


def start_release_of(target: Target, key: str, *, bucket: str | None, name: str | None) -> Execution:
    """Start the release of an existing object.

    Raises:
        UsageError: the name is taken or impossible.
    """
    asked = {"inputFile": key, **({"bucket": bucket} if bucket else {})}
    return _start_release(target, asked, checked_name(name) or new_name(NO_STORY))


def _input_folder(target: Target) -> str:
    """Return the prefix of the documents in the stack's bucket, from the stack's example."""
    found = _EXAMPLE.search(target["example_execution_command"])
    return found["folder"] if found else DEFAULT_INPUT_FOLDER


def _start_release(target: Target, asked: dict[str, Any], name: str) -> Execution:
    (machine,) = state_machines.named(target, Workflow.RELEASE)
    return new_executions.start(target, machine, json.dumps(asked), name)


def start_other(target: Target, machine: StateMachine, content: bytes, name: str | None) -> Execution:
    """Start an execution of another workflow with the document as its input.

    Raises:
        UsageError: the document is not JSON or too large, or the name is taken or invalid.
    """
    from ops import documents

    asked = documents.check_input(content)
    return new_executions.start(target, machine, asked, checked_name(name) or new_name(machine.kind))
