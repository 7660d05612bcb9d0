"""`start`: uploads a release's document, starts the release, and follows it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError

from ops.aws.errors import code
from ops.aws.target import Target
from ops.command import Session
from ops.commands.watch import follow
from ops.consent import given_or_example
from ops.errors import FailedError, UsageError
from ops.history import executions
from ops.history.executions import Execution, Workflow
from ops.program import PROGRAM

EXAMPLES = (
    "start",
    "start release.json --until-waiting",
    "start --key inputs/workflow-input.json --detach --json",
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "workflow-input.json"

MAX_NAME = 80
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""

NO_STORY = "release"

DEFAULT_INPUT_FOLDER = "inputs/"

_EXAMPLE = re.compile(r'"inputFile": "(?P<folder>[^"]*/)[^"/]*"')

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_NAME}}}")
"""AWS takes some more characters, which logs, files and this command line would have to escape."""


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
    if key:
        started = start_release_of(session.target, refuse_both(document, key), bucket=bucket, name=name)
    else:
        file = given_or_example(session, document, EXAMPLE, "document")
        content, said = read_document(file, is_checked=not no_check)
        started = start_release(session.target, content, story=said, bucket=bucket, name=name)
    asked: dict[str, Any] = {"event": "started", **started.as_json(), "input": json.loads(started.input or "{}")}
    if detach:
        session.terminal.show(asked, lambda console: console.print(f"Started {started.name}"))
        session.terminal.say(f"Follow it with: {PROGRAM} watch {started.name}")
        return
    session.terminal.line(asked)
    session.terminal.say(f"Started {started.name}\n")
    follow(session, started, until_waiting=until_waiting)


def read_document(file: Path, *, is_checked: bool) -> tuple[bytes, str]:
    """Return the content of a document, and its story if it names one.

    Raises:
        UsageError: it cannot be read, or would be refused and that is to be checked.
    """
    # Here and not above: it imports pydantic, which --help does not need.
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
    """Return the key if no file is named too.

    Raises:
        UsageError: both are named.
    """
    if file is not None:
        raise UsageError(f"Both a document ({file}) and --key are given", "Give one of them")
    return key


def start_release(target: Target, content: bytes, *, story: str, bucket: str | None, name: str | None) -> Execution:
    """Upload a document under a key of its own, so that no other start can change it, and start its release.

    Raises:
        UsageError: the name is taken or impossible, or another bucket was named without a key.
    """
    if bucket:
        raise UsageError("--bucket names where --key is; a document is uploaded to the stack's own bucket", "Add --key")
    fresh = new_name(story)
    name = _checked(name) or fresh
    key = f"{_input_folder(target)}{fresh}.json"
    target.client("s3").put_object(
        Bucket=target["s3_bucket_name"], Key=key, Body=content, ContentType="application/json"
    )
    return _start(target, {"inputFile": key}, name)


def start_release_of(target: Target, key: str, *, bucket: str | None, name: str | None) -> Execution:
    """Start the release of an object that is there.

    Raises:
        UsageError: the name is taken or impossible.
    """
    asked = {"inputFile": key, **({"bucket": bucket} if bucket else {})}
    return _start(target, asked, _checked(name) or new_name(NO_STORY))


def new_name(story: str) -> str:
    """Return a name for a new execution, with its story: `PROJ-12345-20250131T120000-1a2b3c`."""
    end = f"-{datetime.now(UTC):%Y%m%dT%H%M%S}-{token_hex(3)}"
    return re.sub(r"[^A-Za-z0-9_-]", "-", story)[: MAX_NAME - len(end)] + end


def _input_folder(target: Target) -> str:
    """Return the prefix of the documents in the stack's bucket: its example lies under it, too."""
    found = _EXAMPLE.search(target["example_execution_command"])
    return found["folder"] if found else DEFAULT_INPUT_FOLDER


def _checked(name: str | None) -> str | None:
    if name is not None and not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for an execution", f"Use 1 to {MAX_NAME} letters, digits, hyphens and underscores"
        )
    return name


def _start(target: Target, asked: dict[str, Any], name: str) -> Execution:
    try:
        arn = target.client("stepfunctions").start_execution(
            stateMachineArn=target["state_machine_arn"], name=name, input=json.dumps(asked)
        )["executionArn"]
    except ClientError as error:
        if code(error) == "ExecutionAlreadyExists":
            raise UsageError(f"There is an execution {name} already", "Choose another --name, or none") from None
        raise
    found = executions.describe(target, arn)
    if found is None:
        raise FailedError(f"{name} was started, and cannot be described", f"Look again: {PROGRAM} watch {name}")
    assert found.workflow is Workflow.RELEASE  # noqa: S101 - its ARN says so
    return found
