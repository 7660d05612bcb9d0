"""All data of one execution as one JSON document, which the console and the report draw."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers.execution_history import HistoryEvent, details
from ops.cost import execution as cost
from ops.history import graph, holds, timeline
from ops.history import states as history
from ops.history.timeline import StateVisit, Timeline
from ops.report import attempts, request, taken_edges
from ops.report.formatting import milliseconds, shown

Clients = Callable[[str], Any]
"""Gives the boto3 client of a service by boto3's name for it."""

Record = dict[str, Any]
"""JSON values; times are milliseconds since 1970, texts are masked."""

SUBJECTS = {"story": "story", "orderId": "order"}
"""The variables in which a workflow keeps the subject of an execution, and the kind of that subject."""

REJECTED = "REJECTED"
"""The status in the output of a rejected order, whose execution succeeded all the same."""

_ACTIVE = ("waiting", "retrying", "running")


def read(clients: Clients, execution_arn: str) -> Record:
    """Read the current data of an execution.

    Args:
        clients: gives a boto3 client of Step Functions.
        execution_arn: the execution.

    Raises:
        botocore.exceptions.ClientError: there is no such execution, or the caller may not read it.
    """
    client = clients("stepfunctions")
    # The status before the history, so that the history of an ended execution is complete.
    described = client.describe_execution(executionArn=execution_arn)
    machine = client.describe_state_machine_for_execution(executionArn=execution_arn)
    return of(described, json.loads(machine["definition"]), history.read(client, execution_arn))


def of(described: dict[str, Any], definition: graph.State, events: Sequence[HistoryEvent]) -> Record:
    """Return the record built from DescribeExecution, the definition and the history."""
    reading = timeline.read(events)
    scope = graph.read(definition)
    return {
        "execution": _execution(described),
        "subject": subject(reading),
        "hold": _hold(reading),
        "request": request.of(reading),
        "graph": scope.as_json(),
        "definitions": {node.name: shown(json.dumps(node.definition)) for node in scope.every_node()},
        "states": _states(reading.visits),
        "ways": taken_edges.taken(reading.visits),
        "visits": [_visit(visit, reading) for visit in reading.visits],
        "transitions": history.transitions(events),
        "cost": _cost(events),
    }


def subject(reading: Timeline) -> dict[str, str] | None:
    """Return the subject of the execution: its story, its order, or its hold's subject; None while unknown."""
    for variable, kind in SUBJECTS.items():
        value = reading.variable(variable)
        if isinstance(value, str) and value:
            return {"kind": kind, "id": value}
    asked = holds.read(reading)
    return {"kind": "subject", "id": asked.subject} if asked else None


def outcome(described: dict[str, Any]) -> str | None:
    """Return `REJECTED` for an execution that succeeded with a rejected order; None otherwise."""
    try:
        output = json.loads(described.get("output") or "null")
    except ValueError:
        return None
    is_rejected = isinstance(output, dict) and "orderId" in output and output.get("status") == REJECTED
    return REJECTED if is_rejected and described["status"] == "SUCCEEDED" else None


def _hold(reading: Timeline) -> dict[str, Any] | None:
    """Return the decision that people are currently asked for."""
    key, asked = holds.subject(reading), holds.read(reading)
    if reading.waiting is None or key is None:
        return None
    return {
        "subject": key,
        "title": shown(asked.title) if asked else None,
        "details": shown(asked.details) if asked else None,
        "approvers": list(asked.approvers) if asked else [],
    }


def _execution(described: dict[str, Any]) -> dict[str, Any]:
    arn = described["executionArn"]
    return {
        "arn": arn,
        "name": arn.rsplit(":", 1)[1],
        "machine": arn.split(":")[6],
        "status": described["status"],
        "outcome": outcome(described),
        "started": milliseconds(described["startDate"]),
        "stopped": milliseconds(described.get("stopDate")),
        "redrives": described.get("redriveCount", 0),
        **{name: shown(described.get(name)) for name in ("input", "output", "error", "cause")},
    }


def _states(visited: Sequence[StateVisit]) -> dict[str, dict[str, Any]]:
    """Return the status of each reached state: of its active visit, or else of the last one."""
    found: dict[str, list[StateVisit]] = {}
    for visit in visited:
        found.setdefault(visit.state, []).append(visit)
    return {
        state: {
            "status": next((each.status for each in stays if each.status in _ACTIVE), stays[-1].status),
            "visits": len(stays),
            "retries": sum(each.retries for each in stays),
            "failures": sum(len(each.failures) for each in stays),
        }
        for state, stays in found.items()
    }


def _visit(visit: StateVisit, reading: Timeline) -> dict[str, Any]:
    error, cause = _error(visit, reading)
    entered, exited = details(visit.events[0]), _exit(visit)
    return {
        "state": visit.state,
        "type": visit.kind,
        "depth": visit.depth,
        "status": visit.status,
        "entered": milliseconds(visit.entered),
        "exited": milliseconds(visit.exited),
        "due": _due(visit),
        "input": shown(entered.get("input")),
        "output": shown(exited.get("output")),
        "variables": shown(_variables(exited)),
        "error": shown(error),
        "cause": shown(cause),
        "attempts": attempts.of(visit),
    }


def _exit(visit: StateVisit) -> Mapping[str, Any]:
    return details(visit.events[-1]) if visit.exited else {}


def _variables(exited: Mapping[str, Any]) -> str | None:
    """Return the variables that the state assigned, each value as JSON."""
    assigned: dict[str, str] = exited.get("assignedVariables") or {}
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in assigned.items()) + "}" if assigned else None


def _error(visit: StateVisit, reading: Timeline) -> tuple[str | None, str | None]:
    """Return the error of a visit. A Fail state has the error of the enclosing scope."""
    if visit.kind == "Fail":
        failure = visit.parent.failures[-1] if visit.parent and visit.parent.failures else None
        failure = failure or (reading.end if visit.parent is None else None)
    else:
        failure = visit.failures[-1] if visit.failures and visit.status != "done" else None
    return (failure.error or None, failure.cause or None) if failure else (None, None)


def _due(visit: StateVisit) -> int | None:
    """Return the deadline of the wait."""
    if visit.status != "waiting" or visit.timeout_seconds is None:
        return None
    since: datetime = next(event["timestamp"] for event in reversed(visit.events) if event["type"] == "TaskScheduled")
    return milliseconds(since) + 1000 * visit.timeout_seconds


def _cost(events: Sequence[HistoryEvent]) -> dict[str, Any]:
    lines = cost.of_execution(events)
    return {
        "total": cost.total(lines),
        "leavesOut": cost.LEAVES_OUT,
        "lines": [{"item": line.item, "quantity": line.quantity, "usd": line.usd} for line in lines],
    }
