"""Results of an execution: files of a release, output and record of an order, output of any other execution."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ops.aws.errors import DENIED, code
from ops.aws.state_machines import Workflow
from ops.aws.target import Target
from ops.errors import FailedError, UsageError
from ops.history import holds, timeline
from ops.history import states as history
from ops.history.executions import Execution
from ops.json_text import parsed
from ops.program import PROGRAM
from ops.render.table import status_style
from ops.render.terminal import print_json, printable

if TYPE_CHECKING:
    from rich.console import Console

FILES = {
    "result": ("s3_output_prefix", "result.json"),
    "log": ("s3_log_prefix", "execution.log"),
    "error": ("s3_log_prefix", "error.json"),
}
"""The files of a release, each with the stack output that says where it lies."""

PREFIXES = {"s3_output_prefix": "outputs/", "s3_log_prefix": "logs/"}
"""Default prefixes of the files, for a stack without these outputs."""


@dataclass(frozen=True, kw_only=True)
class Results:
    """All results of an execution; None for each that is missing."""

    execution: Execution
    result: Any = None
    error: Any = None
    log: str | None = None
    order: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        if self.execution.workflow != Workflow.RELEASE:
            order = {"order": self.order} if self.execution.workflow == Workflow.ORDERS else {}
            return {**self.execution.as_json(), "output": self.result, "error": self.error, **order}
        return {**self.execution.as_json(), "result": self.result, "error": self.error, "log": self.log}

    def print(self, console: "Console") -> None:
        """Print each result under a heading."""
        from rich.text import Text

        status = self.execution.status
        console.print(Text.assemble((self.execution.name, "bold"), "  ", (status, status_style(status))))
        has_files = self.execution.workflow == Workflow.RELEASE
        for title, content in (
            ("result.json" if has_files else "output", self.result),
            ("error.json" if has_files else "error", self.error),
            ("execution.log", self.log),
            ("timeline of the order", _timeline(self.order)),
        ):
            if content is None:
                continue
            console.print(f"\n{title}", style="bold")
            if isinstance(content, str):
                console.print(printable(content.rstrip()), soft_wrap=True)
            else:
                print_json(console, content)


def read(target: Target, execution: Execution) -> Results:
    """Read all results of an execution.

    Raises:
        FailedError: there are no results yet.
    """
    if execution.workflow != Workflow.RELEASE:
        return _of_output(target, execution)
    found = {name: content(target, execution, name) for name in FILES}
    if not any(found.values()):
        raise _nothing(target, execution)
    return Results(
        execution=execution,
        result=parsed(found["result"]),
        error=parsed(found["error"]),
        log=_plain(found["log"]),
    )


def one(target: Target, execution: Execution, file: str) -> tuple[Any, Callable[["Console"], None]]:
    """Return one file of a release: its content for JSON, and a function that prints it unchanged.

    Raises:
        UsageError: there is no file of that name for any release.
        FailedError: this execution has no such file.
    """
    if file not in FILES:
        raise UsageError(f"A release leaves no file {file}", f"Say one of {', '.join(FILES)}")
    if execution.workflow != Workflow.RELEASE:
        one = "An order" if execution.workflow == Workflow.ORDERS else f"An execution of {execution.workflow}"
        raise UsageError(f"{one} leaves no files", f"Read its output: {PROGRAM} results {execution.name}")
    text = content(target, execution, file)
    if text is None:
        raise FailedError(f"{execution.name} is {execution.status}, and left no {file}")
    said = _plain(text) if file == "log" else parsed(text)
    shown = said if isinstance(said, str) else text
    return said, lambda _console: print(printable(shown.rstrip()))


def content(target: Target, execution: Execution, file: str) -> str | None:
    """Return the content of a file in the bucket; None without one."""
    output, file_name = FILES[file]
    prefix = target.outputs.get(output, PREFIXES[output])
    key = f"{prefix}{execution.name}/{file_name}"
    try:
        found: bytes = target.client("s3").get_object(Bucket=target["s3_bucket_name"], Key=key)["Body"].read()
    except ClientError as error:
        if code(error) == "NoSuchKey":
            return None
        raise
    return found.decode(errors="replace")


def _of_output(target: Target, execution: Execution) -> Results:
    if not execution.is_over:
        raise _nothing(target, execution)
    output = parsed(execution.output)
    error = {"error": execution.error, "cause": execution.cause} if not execution.succeeded else None
    order = _order(target, execution, output) if execution.workflow == Workflow.ORDERS else None
    return Results(execution=execution, result=output, error=error, order=order)


def _order(target: Target, execution: Execution, output: Any) -> dict[str, Any] | None:
    order_id = output.get("orderId") if isinstance(output, dict) else _reading(target, execution).variable("orderId")
    return _record(target, order_id) if order_id else None


def _record(target: Target, order_id: str) -> dict[str, Any] | None:
    from handlers.orders.orders_table import Orders

    try:
        return Orders(target.client("dynamodb"), target["orders_table_name"]).read(order_id)
    except ClientError as error:
        if code(error) in DENIED:
            return None  # Show the output without it.
        raise


def _nothing(target: Target, execution: Execution) -> FailedError:
    if execution.is_over:
        return FailedError(
            f"{execution.name} ended as {execution.status}: {execution.error}: {execution.cause}. "
            "It left no file yet; the recorder function writes them within seconds",
            f"Look again, or into the recorder's log: {PROGRAM} logs recorder",
        )
    reading = _reading(target, execution)
    waiting = f" and waits for {holds.subject(reading) or 'a callback'}" if reading.waiting else ""
    return FailedError(
        f"{execution.name} still runs{waiting}; it has left nothing yet",
        f"Follow it: {PROGRAM} watch {execution.name}",
    )


def _reading(target: Target, execution: Execution) -> timeline.Timeline:
    return timeline.read(history.read(target.client("stepfunctions"), execution.arn))


def _timeline(order: dict[str, Any] | None) -> str | None:
    if order is None:
        return None
    return "\n".join(
        f"{step.get('at')}  {step.get('state')}  {step.get('reason') or ''}".rstrip() for step in order["timeline"]
    )


def _plain(text: str | None) -> str | None:
    """Return the log as plain text; until the recorder function has rewritten it, it is a JSON string."""
    unquoted = parsed(text) if text and text.startswith('"') else None
    return unquoted if isinstance(unquoted, str) else text
