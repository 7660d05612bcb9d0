"""Submits orders, and finds the executions that the event rule starts for them."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ops import documents
from ops.aws.target import Target
from ops.errors import FailedError
from ops.history import executions
from ops.history.executions import Execution
from ops.program import PROGRAM

SOURCE, DETAIL_TYPE = "microservices.orders", "Order Submitted"

PATIENCE_SECONDS = 60
"""EventBridge starts a target within a second, as a rule.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-limits.html"""

LOOK_SECONDS = 0.5

CLOCK_SKEW = timedelta(minutes=5)
"""How wrong this machine's clock may be; AWS refuses requests of clocks that are more so.
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (RequestTimeTooSkewed)"""


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """An order that was sent: by an event, or as an execution of its own."""

    told: str
    order_id: str
    at: datetime
    event_id: str | None = None
    arn: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What JSON output says of it."""
        return {"orderId": self.order_id, "eventId": self.event_id, "executionArn": self.arn}


def read(file: Path, *, is_checked: bool) -> str:
    """The order of a file.

    Raises:
        UsageError: it cannot be read, or would be rejected and that is to be checked.
    """
    content = documents.read(file)
    if is_checked:
        documents.check_order(content, str(file))
    return content.decode(errors="replace")


def submit(target: Target, detail: str) -> Submitted:
    """Put the event on the bus.

    Raises:
        FailedError: EventBridge did not take it.
    """
    bus, at = target["orders_event_bus_name"], datetime.now(UTC)
    (entry,) = target.client("events").put_events(
        Entries=[{"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": detail, "EventBusName": bus}]
    )["Entries"]
    event_id = entry.get("EventId")
    if not event_id:
        raise FailedError(
            f"The bus {bus} did not take the event: {entry.get('ErrorCode')}: {entry.get('ErrorMessage')}"
        )
    order_id = _own_id(detail) or f"ord-{event_id}"
    told = f"Put event {event_id} on the bus {bus}: order {order_id}"
    return Submitted(told=told, order_id=order_id, at=at, event_id=event_id)


def start(target: Target, detail: str) -> Submitted:
    """Start the workflow itself."""
    at = datetime.now(UTC)
    arn = target.client("stepfunctions").start_execution(
        stateMachineArn=target["orders_state_machine_arn"], input=detail
    )["executionArn"]
    order_id = _own_id(detail) or f"ord-{arn.rsplit(':', 1)[1]}"
    return Submitted(told=f"Order {order_id}", order_id=order_id, at=at, arn=arn)


def execution_of(target: Target, submitted: Submitted) -> Execution:
    """The execution that works on an order.

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
                f"Look whether the event lies in the dead-letter queue: {PROGRAM} doctor",
            )
        time.sleep(LOOK_SECONDS)


def _own_id(detail: str) -> str | None:
    try:
        said = json.loads(detail)["orderId"]
    except (ValueError, TypeError, KeyError):
        return None
    return said if isinstance(said, str) else None
