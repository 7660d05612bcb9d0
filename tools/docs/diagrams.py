"""docs/diagrams.md: the state machines, drawn from their definitions."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from asl import orders, release
from asl.orders import targets as orders_targets
from asl.release import targets as release_targets
from components.api_settings import ApiSettings
from ops.aws.state_machines import Workflow
from ops.history import graph
from ops.history.graph import Edge, Node, Scope
from ops.render import mermaid
from sandbox.stack import load
from tools.docs.cost_figures import counts
from tools.docs.templates import render

_ROOT = Path(__file__).parents[2]

_WAITS = ".waitForTaskToken"


def page() -> str:
    """Return the whole page."""
    machines = {
        Workflow.RELEASE: release.definition(_release_targets(), timeout_seconds=1, callback_timeout_seconds=1),
        Workflow.ORDERS: orders.definition(_orders_targets()),
    }
    return render(
        "diagrams.md.j2", machines=[_section(name, graph.read(machine)) for name, machine in machines.items()]
    )


def way(scope: Scope, states: Sequence[str]) -> Scope:
    """Return the graph of a run through these states, without choices and failure paths.

    Raises:
        KeyError: the machine has no such state.
    """
    known = {node.name: node for node in scope.nodes}
    taken = [known[name] for name in states if known[name].type != "Choice"]
    return Scope(
        start=taken[0].name,
        nodes=tuple(replace(node, branches=tuple(map(_smooth, node.branches))) for node in taken),
        edges=tuple(Edge(source=one.name, target=two.name, kind="next") for one, two in pairwise(taken)),
    )


def _smooth(branch: Scope) -> Scope:
    follows = {edge.source: edge.target for edge in branch.edges if edge.kind == "next"}
    names = [branch.start]
    while names[-1] in follows:
        names.append(follows[names[-1]])
    return way(branch, names)


def _section(workflow: Workflow, scope: Scope) -> dict[str, Any]:
    return {
        "name": workflow.capitalize(),
        "smooth": mermaid.flowchart(way(scope, counts(workflow)["states"])),
        "whole": mermaid.flowchart(scope),
        "tasks": [_task(node, scope) for node in scope.every_node() if node.type == "Task"],
    }


def _task(node: Node, scope: Scope) -> dict[str, Any]:
    caught = [
        f"{'any' if edge.takes_any_error else ', '.join(edge.labels)}: {edge.target}"
        for edge in scope.every_edge()
        if edge.source == node.name and edge.kind == "catch"
    ]
    return {"name": node.name, "calls": _calls(node), "retries": list(_retries(node)), "caught": caught}


def _calls(node: Node) -> str:
    """Return the name of a task's call: `s3:getObject`, `http:invoke`, or a function by the name of its target."""
    resource = str(node.definition["Resource"]).removeprefix("arn:aws:states:::").removeprefix("aws-sdk:")
    if resource == "lambda:invoke":
        return f"the function `{node.definition['Arguments']['FunctionName']}`"
    waits = ", and waits for the task token" if resource.endswith(_WAITS) else ""
    return f"`{resource.removesuffix(_WAITS)}`{waits}"


def _retries(node: Node) -> Iterator[str]:
    for retrier in node.definition.get("Retry", []):
        if retrier.get("MaxAttempts") == 0:
            continue
        errors = retrier["ErrorEquals"]
        named = ", ".join(errors) if len(errors) <= 2 else f"{errors[0]} and {len(errors) - 1} others"
        yield f"up to {retrier['MaxAttempts']} times on {named}"


def _api(settings: ApiSettings) -> release_targets.Api:
    return release_targets.Api(
        url=settings.url,
        connection_name=settings.name,
        connection_arn=settings.name,
        **settings.calling,
    )


def _release_targets() -> release_targets.Targets:
    """Return the targets of a stack with the default APIs."""
    apis = map(ApiSettings.model_validate, json.loads(load(_ROOT, "dev").config["holdpoint:apis"]))
    return release_targets.Targets(
        bucket_name="bucket",
        bucket_arn="bucket",
        stories_table_name="stories",
        stories_table_arn="stories",
        apis={each.name: _api(each) for each in apis},
    )


def _orders_targets() -> orders_targets.Targets:
    return orders_targets.Targets(
        functions={service: service for service in orders.ServiceCalls().by_name},
        orders_table_name="orders",
        orders_table_arn="orders",
    )
