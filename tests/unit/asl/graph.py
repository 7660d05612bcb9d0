"""Reader of a state machine definition as a graph."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]


@dataclass(frozen=True)
class Scope:
    """The states of a machine or of one branch: where they start, and each by its name."""

    start: str
    states: dict[str, State]


def scopes(machine: State) -> Iterator[Scope]:
    """Return the machine's own states, and those of every branch inside it."""
    yield Scope(machine["StartAt"], machine["States"])
    for state in machine["States"].values():
        for branch in state.get("Branches", []):
            yield from scopes(branch)


def states(machine: State) -> dict[str, State]:
    """Return every state by its name, including those inside branches."""
    return {name: state for scope in scopes(machine) for name, state in scope.states.items()}


def successors(state: State) -> list[str]:
    """Return the states that can follow a state."""
    choices = [choice["Next"] for choice in state.get("Choices", [])]
    catches = [catcher["Next"] for catcher in state.get("Catch", [])]
    return [*choices, *catches, *(state[key] for key in ("Next", "Default") if key in state)]


def reachable(scope: Scope) -> set[str]:
    """Return the states that can be entered from the start."""
    found: set[str] = set()
    todo = [scope.start]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(successors(scope.states[name]))
    return found


def tasks(machine: State) -> dict[str, State]:
    """Return the Task states."""
    return {name: state for name, state in states(machine).items() if state["Type"] == "Task"}


def texts(value: Any) -> Iterator[str]:
    """Return every string inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
