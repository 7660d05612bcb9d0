"""`order`: submits an order, and follows it."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from ops.aws import state_machines
from ops.aws.state_machines import Workflow
from ops.aws.target import Target
from ops.command import Session
from ops.commands.watch import follow
from ops.consent import given_or_example
from ops.errors import FailedError
from ops.execution_argument import Detach
from ops.history import executions
from ops.history.executions import Execution
from ops.program import PROGRAM

EXAMPLES = ("order", "order my-order.json", "order my-order.json --direct", "order --detach --json")

EXAMPLE = Path(__file__).parents[2] / "examples" / "order.json"

SOURCE, DETAIL_TYPE = "microservices.orders", "Order Submitted"

PATIENCE_SECONDS = 60
"""EventBridge usually starts a target within a second.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-limits.html"""

LOOK_SECONDS = 0.5

CLOCK_SKEW = timedelta(minutes=5)
"""The largest error of this machine's clock with which AWS still accepts requests.
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (RequestTimeTooSkewed)"""


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """An order that was submitted, by an event or by starting an execution."""

    summary: str
    order_id: str
    at: datetime
    event_id: str | None = None
    arn: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {"orderId": self.order_id, "eventId": self.event_id, "executionArn": self.arn}


def order(
    session: Session,
    file: Annotated[
        Path | None,
        typer.Argument(help="The order, or - for standard input.", show_default="in the sandbox examples/order.json"),
    ] = None,
    direct: Annotated[
        bool, typer.Option("--direct", help="Start the workflow itself instead of putting an event on the bus.")
    ] = False,
    detach: Detach = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Send the order as it is, even if the workflow will reject it.")
    ] = False,
) -> None:
    """Submit an order as other systems do, by an event, and follow it to its outcome.

    An order that is REJECTED is a finished business case: exit code 0. Exit code 1: its execution failed.
    """
    detail = read_order(given_or_example(session, file, EXAMPLE, "order"), is_checked=not no_check)
    submitted = start_directly(session.target, detail) if direct else submit(session.target, detail)
    if detach:
        session.terminal.show(submitted.as_json(), lambda console: console.print(submitted.summary))
        return
    session.terminal.line({"event": "submitted", **submitted.as_json()})
    session.terminal.say(submitted.summary)
    execution = execution_of(session.target, submitted)
    session.terminal.line({"event": "started", **execution.as_json()})
    session.terminal.say(f"Started {execution.name}\n")
    ended = follow(session, execution)
    session.terminal.say("\n" + json.dumps(json.loads(ended.output or "null"), indent=2, ensure_ascii=False))


def read_order(file: Path, *, is_checked: bool) -> str:
    """Return the order of a file.

    Raises:
        UsageError: it cannot be read, or the check finds that it would be rejected.
    """
    # Imported here because it imports pydantic, which --help does not need.
    from ops import documents

    content = documents.read(file)
    if is_checked:
        documents.check_order(content, str(file))
    return content.decode(errors="replace")


def submit(target: Target, detail: str) -> Submitted:
    """Send the event to the bus.

    Raises:
        FailedError: EventBridge did not accept it.
    """
    bus, at = target["orders_event_bus_name"], datetime.now(UTC)
    (entry,) = target.client("events").put_events(
        Entries=[{"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": detail, "EventBusName": bus}]
    )["Entries"]
    event_id = entry.get("EventId")
    if not event_id:
        raise FailedError(
            f"The bus {bus} did not accept the event: {entry.get('ErrorCode')}: {entry.get('ErrorMessage')}"
        )
    order_id = _own_id(detail) or f"ord-{event_id}"
    summary = f"Put event {event_id} on the bus {bus}: order {order_id}"
    return Submitted(summary=summary, order_id=order_id, at=at, event_id=event_id)


def start_directly(target: Target, detail: str) -> Submitted:
    """Start the workflow itself."""
    at = datetime.now(UTC)
    (machine,) = state_machines.named(target, Workflow.ORDERS)
    arn = target.client("stepfunctions").start_execution(stateMachineArn=machine.start_arn, input=detail)[
        "executionArn"
    ]
    order_id = _own_id(detail) or f"ord-{arn.rsplit(':', 1)[1]}"
    return Submitted(summary=f"Order {order_id}", order_id=order_id, at=at, arn=arn)


def execution_of(target: Target, submitted: Submitted) -> Execution:
    """Return the execution that works on an order.

    Raises:
        FailedError: the rule did not start one in time.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = (
            executions.describe(target, submitted.arn)
            if submitted.arn
            else executions.of_order(target, submitted.event_id or "", since=submitted.at - CLOCK_SKEW)
        )
        if found:
            return found
        if time.monotonic() > deadline:
            raise FailedError(
                f"The rule {target['orders_event_rule_name']} started nothing within {PATIENCE_SECONDS} seconds",
                f"Check whether the event is in the dead-letter queue: {PROGRAM} doctor",
            )
        time.sleep(LOOK_SECONDS)


def _own_id(detail: str) -> str | None:
    try:
        said = json.loads(detail)["orderId"]
    except (ValueError, TypeError, KeyError):
        return None
    return said if isinstance(said, str) else None
