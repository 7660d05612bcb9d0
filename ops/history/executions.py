"""Executions by what people call them: an ARN, a name, a story, an order; or simply the latest."""

import re
from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from ops.aws import stories
from ops.aws.errors import code
from ops.aws.target import Target
from ops.errors import UsageError
from ops.program import PROGRAM

MAX_PAGE = 100

ORDERS_TO_SEARCH = 100
"""An order's execution has a name of its own: it is found by looking into the inputs of so many, latest first."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")


class Workflow(StrEnum):
    """The two state machines."""

    RELEASE = "release"
    ORDERS = "orders"


ARN_OUTPUT = {Workflow.RELEASE: "state_machine_arn", Workflow.ORDERS: "orders_state_machine_arn"}


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One execution at the time of the call. Input, output, error and cause are there if it was described."""

    arn: str
    workflow: Workflow
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


def find(target: Target, text: str | None, workflows: Sequence[Workflow] = tuple(Workflow)) -> Execution:
    """Return the execution that the text names.

    Args:
        target: where.
        text: an ARN, a name, a story's id or an order's; None for the latest.
        workflows: of which state machines.

    Raises:
        UsageError: there is no such execution.
    """
    if text is None:
        return latest(target, workflows)
    if not text.strip():
        raise _unknown(text)
    if text.startswith("arn:"):
        _check_is_known(target, text)
        found = describe(target, text)
        if found is None:
            raise _unknown(text)
        return found
    # Here and not above: it imports pydantic, which --help does not need.
    from handlers.issue_key import is_issue_key

    if is_issue_key(text) and Workflow.RELEASE in workflows:
        for story in stories.of(target, text):
            found = describe(target, story.execution_arn)
            if found:
                return found
    for workflow in workflows if _NAME.fullmatch(text) else ():
        found = describe(target, arn_of(target, workflow, text))
        if found:
            return found
    found = of_order(target, text) if Workflow.ORDERS in workflows and not is_issue_key(text) else None
    if found is None:
        raise _unknown(text)
    return found


def latest(target: Target, workflows: Sequence[Workflow] = tuple(Workflow)) -> Execution:
    """Return the execution that was started last.

    Raises:
        UsageError: there is none yet.
    """
    firsts = [first for workflow in workflows if (first := next(of(target, workflow), None))]
    if not firsts:
        raise UsageError(f"{target.origin} has no execution yet", f"Start one: {PROGRAM} start")
    newest = max(firsts, key=lambda execution: execution.started)
    return describe(target, newest.arn) or newest


def of(target: Target, workflow: Workflow, status: str | None = None) -> Iterator[Execution]:
    """List the executions of a workflow, the last started first.

    AWS lists running executions by their start or redrive, ended ones by their end: none started after that moment. An
    execution is yielded as soon as nothing further down the list can have started later.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
    """
    held: list[Execution] = []
    asked = {"stateMachineArn": target[ARN_OUTPUT[workflow]], **({"statusFilter": status} if status else {})}
    pages = target.client("stepfunctions").get_paginator("list_executions")
    for page in pages.paginate(**asked, PaginationConfig={"PageSize": MAX_PAGE}):
        for found in page["executions"]:
            moment = found.get("stopDate") or found.get("redriveDate") or found["startDate"]
            while held and held[-1].started >= moment:
                yield held.pop()
            insort(held, _execution(found, workflow), key=_started)
    yield from reversed(held)


def _started(execution: Execution) -> datetime:
    return execution.started


def describe(target: Target, arn: str) -> Execution | None:
    """Describe an execution; None if there is none (AWS deletes them after 90 days)."""
    machine = arn_of_machine(arn)
    workflow = next((each for each in Workflow if target[ARN_OUTPUT[each]] == machine), None)
    if workflow is None:
        return None
    try:
        return _execution(target.client("stepfunctions").describe_execution(executionArn=arn), workflow)
    except ClientError as error:
        if code(error) in ("ExecutionDoesNotExist", "InvalidArn"):
            return None
        raise


def arn_of_machine(arn: str) -> str:
    """Return the ARN of the state machine that an execution's ARN names."""
    return arn.replace(":execution:", ":stateMachine:", 1).rpartition(":")[0]


def arn_of(target: Target, workflow: Workflow, name: str) -> str:
    """Return the ARN that an execution of that name has."""
    return target[ARN_OUTPUT[workflow]].replace(":stateMachine:", ":execution:", 1) + f":{name}"


def of_order(target: Target, order_id: str, since: datetime | None = None) -> Execution | None:
    """Return the execution of an order, if it is among the latest and not older than `since`.

    EventBridge begins an execution's name with the event's id. Where the order has an id of its own, or the workflow
    was started directly, the name or the input says so.
    """
    event_id = order_id.removeprefix("ord-")
    wanted = {f'"{order_id}"', f'"{event_id}"'}
    for listed in islice(of(target, Workflow.ORDERS), ORDERS_TO_SEARCH):
        if since and listed.started < since:
            return None
        found = describe(target, listed.arn)
        if found and (found.name.startswith(event_id) or any(each in (found.input or "") for each in wanted)):
            return found
    return None


def _execution(found: dict[str, Any], workflow: Workflow) -> Execution:
    return Execution(
        arn=found["executionArn"],
        workflow=workflow,
        status=found["status"],
        started=found["startDate"],
        stopped=found.get("stopDate"),
        input=found.get("input"),
        output=found.get("output"),
        error=found.get("error"),
        cause=found.get("cause"),
    )


def _check_is_known(target: Target, arn: str) -> None:
    """Refuse an ARN that names no execution of one of the two workflows.

    Raises:
        UsageError: says what it names.
    """
    kind, _, name = ":".join(arn.split(":")[5:]).partition(":")
    if kind == "execution" and arn_of_machine(arn) in (target[output] for output in ARN_OUTPUT.values()):
        return
    if kind in ("execution", "express") and name:
        raise UsageError(
            f"{arn} is an execution of {name.partition(':')[0]}, and not of a workflow of {target.origin}",
            f"Look which there are: {PROGRAM} list; or at this one with: aws stepfunctions describe-execution",
        )
    raise UsageError(
        f"There is no execution {arn}: it is no ARN of an execution", f"Look which there are: {PROGRAM} list"
    )


def _unknown(text: str) -> UsageError:
    return UsageError(
        f"There is no execution {text}, and none of a story or an order of that name",
        f"Look which there are: {PROGRAM} list",
    )
