"""`invoke`: calls a single function."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from ops.aws import functions, state_machines, tokens
from ops.aws.target import Target
from ops.command import Session
from ops.errors import FailedError, UsageError
from ops.history import log_lines
from ops.json_text import parsed
from ops.program import PROGRAM
from ops.render.terminal import print_json, printable

if TYPE_CHECKING:
    from rich.console import Console

EXAMPLES = ("invoke user", "invoke mock-validation --log", "invoke order --payload my-order.json", "invoke --list")

PAYLOADS = Path(__file__).parents[2] / "examples" / "payloads"

NAMES = list(functions.OUTPUTS)

NO_EXECUTION = "example-payload"
"""The name of an execution that does not exist; the recorder's example writes a log under it."""

_PLACEHOLDER = re.compile(r"\{\{([\w-]+)\}\}")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A function's answer. `error` is the class name of the error that it raised; `log` is the end of its log."""

    function: str
    payload: Any
    error: str | None
    log: str

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {"function": self.function, "error": self.error, "payload": self.payload, "log": self.log.splitlines()}

    def print(self, console: "Console", *, with_log: bool) -> None:
        """Print the answer, with the body of an HTTP answer as JSON."""
        if with_log:
            now = datetime.now(UTC)
            for line in (log_lines.read(self.function, now, text) for text in self.log.splitlines()):
                if not line.is_noise:
                    console.print(printable(line.as_text()), style="dim", soft_wrap=True)
        payload = self.payload
        if isinstance(payload, dict) and isinstance(payload.get("body"), str):
            payload = {**payload, "body": parsed(payload["body"])}
        print_json(console, payload)

    def check(self) -> None:
        """Raise FailedError if the function failed."""
        if self.error:
            raise FailedError(
                f"{self.function} failed with {self.error}", f"Read its log: {PROGRAM} logs {self.function}"
            )


def invoke(
    session: Session,
    function: Annotated[
        str | None, typer.Argument(help="The function; --list names them.", autocompletion=lambda: NAMES)
    ] = None,
    payload: Annotated[
        Path | None,
        typer.Option(help="What to send, or - for standard input.", show_default="examples/payloads/FUNCTION.json"),
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Also print what the function logged.")] = False,
    names: Annotated[bool, typer.Option("--list", help="List the functions and exit.")] = False,
) -> None:
    """Invoke a function with its example payload, and print its answer.

    Exit code 1: the function raised an error. In a payload, {{callback}} and {{API}}, such as
    {{validation}}, become the stack's tokens.
    """
    if names or function is None:
        session.terminal.show(NAMES, lambda console: console.print("\n".join(NAMES)))
        return
    answer = invoke_function(session.target, function, payload)
    session.terminal.show(answer.as_json(), lambda console: answer.print(console, with_log=log))
    answer.check()


def invoke_function(target: Target, function: str, payload: Path | None) -> Answer:
    """Send a payload, or the function's example, and wait for the answer.

    Raises:
        UsageError: there is no such function, or the payload is not JSON.
    """
    arn = functions.live_arn(target, function)
    sent = _fill(target, _read(payload or PAYLOADS / f"{function}.json"))
    answer = target.client("lambda").invoke(FunctionName=arn, Payload=json.dumps(sent).encode(), LogType="Tail")
    said = parsed(answer["Payload"].read().decode())
    error = None
    if "FunctionError" in answer:
        error = said.get("errorType") if isinstance(said, dict) else None
        error = error or str(answer["FunctionError"])
    log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
    return Answer(function=function, payload=said, error=error, log=log)


def _read(file: Path) -> Any:
    # Imported here because it imports pydantic, which --help does not need.
    from ops import documents

    content = documents.read(file)
    try:
        return json.loads(content)
    except ValueError as error:
        raise UsageError(f"{file} is not JSON: {error}") from None


def _fill(target: Target, value: Any) -> Any:
    """Replace the placeholders in a payload's strings by the stack's tokens and names, so that it stays JSON."""
    if isinstance(value, dict):
        return {name: _fill(target, each) for name, each in value.items()}
    if isinstance(value, list):
        return [_fill(target, each) for each in value]
    if not isinstance(value, str):
        return value
    return _PLACEHOLDER.sub(lambda found: _known(target, found[1]) or found[0], value)


def _known(target: Target, name: str) -> str | None:
    """Return the value of a placeholder, a name below or a token of the secret; None for an unknown one."""
    match name:
        case "newId":
            return f"example-{uuid4()}"
        case "stateMachineArn":
            return target["state_machine_arn"]
        case "executionArn":
            return state_machines.execution_arn(target["state_machine_arn"], NO_EXECUTION)
        case _:
            return tokens.current(target).get(name)
