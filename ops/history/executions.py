"""Executions, found by an ARN, a name, a story or an order, or the latest one."""

import re
from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from ops.aws import state_machines, stories
from ops.aws.errors import DENIED, code
from ops.aws.state_machines import StateMachine, Workflow
from ops.aws.target import Target
from ops.errors import UsageError
from ops.program import PROGRAM

MAX_PAGE = 100

ORDERS_TO_SEARCH = 100
"""Executions to search for an order, latest first: their inputs name the order, their names do not."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One execution at the time of the call. It has input, output, error and cause only if it was described.

    `workflow` is the kind of its state machine.
    """

    arn: str
    workflow: str
    status: str
    started: datetime
    stopped: datetime | None = None
    input: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None

    @property
    def name(self) -> str:
        """Return its name, which is part of the keys of its files."""
        return self.arn.rsplit(":", 1)[1]

    @property
    def is_over(self) -> bool:
        """Return whether it has ended."""
        return self.status not in ("RUNNING", "PENDING_REDRIVE")

    @property
    def succeeded(self) -> bool:
        """Return whether it succeeded."""
        return self.status == "SUCCEEDED"

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {
            "name": self.name,
            "arn": self.arn,
            "workflow": self.workflow,
            "status": self.status,
            "started": self.started,
            "stopped": self.stopped,
        }


def find(target: Target, text: str | None, machines: Sequence[StateMachine] = ()) -> Execution:
    """Return the execution that the text names.

    Args:
        target: the stack.
        text: an ARN, a name, the id of a story or an order, or the subject of a hold; None for the latest.
        machines: the state machines to search; all if empty.

    Raises:
        UsageError: there is no such execution, or there are two of that name.
    """
    machines = machines or state_machines.of(target)
    if text is None:
        return latest(target, machines)
    if text.startswith("arn:"):
        _check_is_known(target, text)
        found = describe(target, text)
    else:
        found = _named(target, text, machines) if text.strip() else None
    if found is None:
        raise _unknown(text)
    return found


def _named(target: Target, text: str, machines: Sequence[StateMachine]) -> Execution | None:
    # Imported here because it imports pydantic, which --help does not need.
    from handlers.issue_key import is_issue_key

    if is_issue_key(text):
        return _of_subject(target, text, machines) or _of_name(target, text, machines)
    return (
        _of_name(target, text, machines)
        or _of_subject_if_allowed(target, text, machines)
        or (of_order(target, text) if any(each.kind == Workflow.ORDERS for each in machines) else None)
    )


def _of_subject(target: Target, text: str, machines: Sequence[StateMachine]) -> Execution | None:
    """Return the execution that waits, or waited, for a decision on the subject; one that waits comes first."""
    arns = [each.arn for each in machines]
    items = stories.of(target, text)
    held = [each for each in items if state_machines.arn_of_machine(each.execution_arn) in arns]
    return next((found for each in held if (found := describe(target, each.execution_arn))), None)


def _of_subject_if_allowed(target: Target, text: str, machines: Sequence[StateMachine]) -> Execution | None:
    try:
        return _of_subject(target, text, machines)
    except ClientError as error:
        if code(error) in DENIED:
            return None  # The text may be the id of an order, and operators of orders need no access to the holds.
        raise


def _of_name(target: Target, text: str, machines: Sequence[StateMachine]) -> Execution | None:
    if not _NAME.fullmatch(text):
        return None
    found = [run for machine in machines if (run := describe(target, state_machines.execution_arn(machine.arn, text)))]
    if len(found) > 1:
        raise UsageError(
            f"{text} is the name of an execution of {' and of '.join(each.workflow for each in found)}",
            "Name one of them with --workflow, or the execution by its ARN",
        )
    return found[0] if found else None


def latest(target: Target, machines: Sequence[StateMachine]) -> Execution:
    """Return the latest execution of these state machines.

    Raises:
        UsageError: there is none yet.
    """
    firsts = [first for machine in machines if (first := next(of(target, machine), None))]
    if not firsts:
        raise UsageError(f"{target.origin} has no execution yet", f"Start one: {PROGRAM} start")
    newest = max(firsts, key=lambda execution: execution.started)
    return describe(target, newest.arn) or newest


def of(target: Target, machine: StateMachine, status: str | None = None) -> Iterator[Execution]:
    """List the executions of a state machine, latest start first.

    AWS sorts running executions by their start or redrive, and ended ones by their end, which their start precedes. An
    execution is yielded as soon as no later entry of the list can have a later start.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
    """
    held: list[Execution] = []
    asked = {"stateMachineArn": machine.arn, **({"statusFilter": status} if status else {})}
    pages = target.client("stepfunctions").get_paginator("list_executions")
    for page in pages.paginate(**asked, PaginationConfig={"PageSize": MAX_PAGE}):
        for found in page["executions"]:
            moment = found.get("stopDate") or found.get("redriveDate") or found["startDate"]
            while held and held[-1].started >= moment:
                yield held.pop()
            insort(held, _execution(found, machine), key=_started)
    yield from reversed(held)


def _started(execution: Execution) -> datetime:
    return execution.started


def describe(target: Target, arn: str) -> Execution | None:
    """Describe an execution; None if there is none (AWS deletes them after 90 days)."""
    machine = state_machines.of_execution(target, arn)
    if machine is None:
        return None
    try:
        return _execution(target.client("stepfunctions").describe_execution(executionArn=arn), machine)
    except ClientError as error:
        if code(error) in ("ExecutionDoesNotExist", "InvalidArn"):
            return None
        raise


def of_order(target: Target, order_id: str, since: datetime | None = None) -> Execution | None:
    """Return the execution of an order, if it is among the latest and not older than `since`.

    EventBridge begins an execution's name with the event's id. If the order has its own id, or the workflow was
    started directly, the name or the input has the order's id.
    """
    machine = state_machines.of_kind(target, Workflow.ORDERS)
    if machine is None:
        return None
    event_id = order_id.removeprefix("ord-")
    wanted = {f'"{order_id}"', f'"{event_id}"'}
    for listed in islice(of(target, machine), ORDERS_TO_SEARCH):
        if since and listed.started < since:
            return None
        found = describe(target, listed.arn)
        if found and (found.name.startswith(event_id) or any(each in (found.input or "") for each in wanted)):
            return found
    return None


def _execution(found: dict[str, Any], machine: StateMachine) -> Execution:
    return Execution(
        arn=found["executionArn"],
        workflow=machine.kind,
        status=found["status"],
        started=found["startDate"],
        stopped=found.get("stopDate"),
        input=found.get("input"),
        output=found.get("output"),
        error=found.get("error"),
        cause=found.get("cause"),
    )


def _check_is_known(target: Target, arn: str) -> None:
    """Refuse an ARN that names no execution of a workflow of the stack.

    Raises:
        UsageError: the ARN names something else, which the text describes.
    """
    kind, _, name = ":".join(arn.split(":")[5:]).partition(":")
    if kind == "execution" and state_machines.of_execution(target, arn):
        return
    if kind in ("execution", "express") and name:
        raise UsageError(
            f"{arn} is an execution of {name.partition(':')[0]}, and not of a workflow of {target.origin}",
            f"List them: {PROGRAM} list; or describe this one: aws stepfunctions describe-execution",
        )
    raise UsageError(f"There is no execution {arn}: it is not the ARN of an execution", f"List them: {PROGRAM} list")


def _unknown(text: str) -> UsageError:
    return UsageError(
        f"There is no execution {text}, and none of a story, an order or a subject of that name",
        f"List them: {PROGRAM} list",
    )
