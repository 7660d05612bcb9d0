"""State machines that a change affects, each as one diagram with the added, removed and changed states marked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from ops.history import graph
from ops.history.graph import Edge, Node, Scope
from ops.render import mermaid
from tools.preview_diff.resources import Resources

TYPE = "aws:sfn/stateMachine:StateMachine"

EMPTY = Scope(start="", nodes=(), edges=())


class Mark(StrEnum):
    """The change of a state, as written after the state's name."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


_STYLES = {
    Mark.ADDED: "classDef added fill:#d1fadf,stroke:#067647,color:#000",
    Mark.REMOVED: "classDef removed fill:#fee4e2,stroke:#b42318,color:#000,stroke-dasharray:4 3",
    Mark.CHANGED: "classDef changed fill:#fef0c7,stroke:#b54708,color:#000",
}


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One state machine that changes: its diagram, and the fields that change in each marked state."""

    name: str
    diagram: str
    states: Mapping[str, str]


def changed(old: Resources, new: Resources) -> list[Machine]:
    """Return the state machines whose definitions differ, by name."""
    before, after = _definitions(old), _definitions(new)
    names = sorted(before.keys() | after.keys())
    return [_machine(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def _definitions(resources: Resources) -> dict[str, dict[str, Any]]:
    machines = (resource for resource in resources.values() if resource["type"] == TYPE)
    return {machine["name"]: json.loads(machine["inputs"]["definition"]) for machine in machines}


def _machine(name: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Machine:
    old = graph.read(before) if before else EMPTY
    new = graph.read(after) if after else EMPTY
    marks = _marks(old, new)
    merged = _merge(old, new, {node.name for node in new.every_node()})
    states = {state: _fields(state, mark, old, new) for state, mark in marks.items()}
    # Fields of the machine itself, such as its timeout.
    own = _differing(before or {}, after or {}, but={"States"})
    return Machine(
        name=name,
        diagram=_diagram(merged, marks),
        states={**({"the machine itself": own} if own else {}), **states},
    )


def _marks(old: Scope, new: Scope) -> dict[str, Mark]:
    before, after = dict(_placed(old)), dict(_placed(new))
    marks = {
        name: Mark.ADDED if name not in before else Mark.CHANGED for name in after if before.get(name) != after[name]
    }
    return {**marks, **{name: Mark.REMOVED for name in before if name not in after}}


def _placed(scope: Scope, inside: str = "") -> Iterator[tuple[str, tuple[str, Any]]]:
    """Yield each state's name with its position and its definition."""
    for node in scope.nodes:
        yield node.name, (inside, node.definition)
        for branch in node.branches:
            yield from _placed(branch, node.name)


def _fields(state: str, mark: Mark, old: Scope, new: Scope) -> str:
    if mark is not Mark.CHANGED:
        return mark.value
    before, after = dict(_placed(old))[state], dict(_placed(new))[state]
    moved = ["moved"] if before[0] != after[0] else []
    return ", ".join([*moved, *filter(None, [_differing(before[1], after[1])])])


def _differing(before: Mapping[str, Any], after: Mapping[str, Any], but: set[str] | None = None) -> str:
    keys = (before.keys() | after.keys()) - (but or set())
    return ", ".join(f"`{key}`" for key in sorted(keys) if before.get(key) != after.get(key))


def _merge(old: Scope, new: Scope, kept: set[str]) -> Scope:
    """Return the new graph together with the removed states and their edges."""
    before = {node.name: node for node in old.nodes}
    nodes = [_with_removed(before.get(node.name), node, kept) for node in new.nodes]
    gone = [_only_removed(node, kept) for node in old.nodes if node.name not in kept]
    here = {node.name for node in (*nodes, *gone)}
    removed = {node.name for node in gone}
    edges = [edge for edge in old.edges if {edge.source, edge.target} & removed and {edge.source, edge.target} <= here]
    return Scope(start=new.start or old.start, nodes=(*nodes, *gone), edges=(*new.edges, *edges))


def _with_removed(old: Node | None, new: Node, kept: set[str]) -> Node:
    branches = zip_longest(old.branches if old else (), new.branches, fillvalue=EMPTY)
    return replace(new, branches=tuple(_merge(before, after, kept) for before, after in branches))


def _only_removed(node: Node, kept: set[str]) -> Node:
    """Return a removed state without inner states that have moved elsewhere."""
    return replace(node, branches=tuple(_merge(branch, EMPTY, kept) for branch in node.branches))


def _diagram(scope: Scope, marks: Mapping[str, Mark]) -> str:
    labelled = _labelled(scope, marks)
    ids = mermaid.ids(labelled)
    lines = [mermaid.flowchart(labelled)]
    for mark, style in _STYLES.items():
        marked = [ids[_label(name, marks)] for name, each in marks.items() if each is mark]
        if marked:
            lines += [f"  {style}", f"  class {','.join(marked)} {mark.value}"]
    return "\n".join(lines)


def _labelled(scope: Scope, marks: Mapping[str, Mark]) -> Scope:
    """Return the graph with its mark after the name of each state, for readers who do not see its colour."""
    return Scope(
        start=_label(scope.start, marks),
        nodes=tuple(
            replace(
                node,
                name=_label(node.name, marks),
                branches=tuple(_labelled(branch, marks) for branch in node.branches),
            )
            for node in scope.nodes
        ),
        edges=tuple(
            Edge(
                source=_label(edge.source, marks),
                target=_label(edge.target, marks),
                kind=edge.kind,
                labels=edge.labels,
            )
            for edge in scope.edges
        ),
    )


def _label(name: str, marks: Mapping[str, Mark]) -> str:
    return f"{name} ({marks[name]})" if name in marks else name
