"""A state machine's definition, read as a graph of nested scopes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

State = Mapping[str, Any]

ANY_ERROR = "States.ALL"

EdgeKind = Literal["next", "choice", "default", "catch"]


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A transition from one state to another in the same scope.

    `labels` say when it is taken: the conditions of a Choice, the errors of a Catch.
    """

    source: str
    target: str
    kind: EdgeKind
    labels: tuple[str, ...] = ()

    @property
    def takes_any_error(self) -> bool:
        """Return whether it is a Catch of every error."""
        return self.kind == "catch" and ANY_ERROR in self.labels


@dataclass(frozen=True, kw_only=True)
class Node:
    """One state. `branches` are the inner scopes of a Parallel or Map, `definition` is the state without them."""

    name: str
    type: str
    definition: State
    is_end: bool
    branches: tuple["Scope", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A state machine, or one branch of it: no transition leads from one scope to another."""

    start: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def every_node(self) -> Iterator[Node]:
        """Yield the states of this scope and of all inner scopes, in the order of the definition."""
        for node in self.nodes:
            yield node
            for branch in node.branches:
                yield from branch.every_node()

    def every_edge(self) -> Iterator[Edge]:
        """Yield the edges of this scope and of all inner scopes."""
        yield from self.edges
        for node in self.nodes:
            for branch in node.branches:
                yield from branch.every_edge()

    def as_json(self) -> dict[str, Any]:
        """Return the graph as JSON values, for the console and the report."""
        return {
            "start": self.start,
            "nodes": [
                {
                    "name": node.name,
                    "type": node.type,
                    "isEnd": node.is_end,
                    "branches": [branch.as_json() for branch in node.branches],
                }
                for node in self.nodes
            ],
            "edges": [
                {"source": edge.source, "target": edge.target, "kind": edge.kind, "labels": list(edge.labels)}
                for edge in self.edges
            ],
        }


_BRANCHES = ("Branches", "ItemProcessor", "Iterator")
"""The fields in which a Parallel and a Map (in its current and its older form) have their inner states.
https://states-language.net/spec.html"""


def read(definition: State) -> Scope:
    """Read the definition of a state machine or of a branch.

    Raises:
        KeyError: it is not a definition.
    """
    states: Mapping[str, State] = definition["States"]
    return Scope(
        start=definition["StartAt"],
        nodes=tuple(_node(name, state) for name, state in states.items()),
        edges=tuple(edge for name, state in states.items() for edge in _edges(name, state)),
    )


def _node(name: str, state: State) -> Node:
    inner = [*state.get("Branches", []), *(state[key] for key in _BRANCHES[1:] if key in state)]
    return Node(
        name=name,
        type=state["Type"],
        definition={key: value for key, value in state.items() if key not in _BRANCHES},
        is_end=bool(state.get("End")) or state["Type"] in ("Succeed", "Fail"),
        branches=tuple(read(branch) for branch in inner),
    )


def _edges(name: str, state: State) -> Iterator[Edge]:
    if "Next" in state:
        yield Edge(source=name, target=state["Next"], kind="next")
    for target, conditions in _by_target(
        (choice["Next"], (_condition(choice),)) for choice in state.get("Choices", [])
    ):
        yield Edge(source=name, target=target, kind="choice", labels=conditions)
    if "Default" in state:
        yield Edge(source=name, target=state["Default"], kind="default")
    for target, errors in _by_target((each["Next"], tuple(each["ErrorEquals"])) for each in state.get("Catch", [])):
        yield Edge(source=name, target=target, kind="catch", labels=errors)


def _by_target(ways: Iterator[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Merge edges with the same target."""
    found: dict[str, tuple[str, ...]] = {}
    for target, labels in ways:
        found[target] = (*found.get(target, ()), *labels)
    yield from found.items()


def _condition(choice: State) -> str:
    """Return a rule's comment, or else its condition: JSONata without its delimiters, empty for JSONPath."""
    if "Comment" in choice:
        return str(choice["Comment"])
    condition = str(choice.get("Condition", ""))
    return condition.removeprefix("{%").removesuffix("%}").strip()
