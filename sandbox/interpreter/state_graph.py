"""The graph of a state machine: transitions, missing states and unreachable states."""

from collections.abc import Iterator
from typing import Any

from sandbox.interpreter.diagnostics import TARGET, Diagnostic

JsonObject = dict[str, Any]


def transitions(state: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield the transitions of a state: (the field that names the target, the target)."""
    for field in ("Next", "Default"):
        if field in state:
            yield field, state[field]
    for field in ("Choices", "Catch"):
        items = state.get(field)
        for index, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict) and "Next" in item:
                yield f"{field}[{index}]/Next", item["Next"]


def check(machine: JsonObject, at: str) -> Iterator[Diagnostic]:
    """Return the problems in the graph of a machine with `StartAt` and `States`; `at` is its JSON pointer."""
    states: JsonObject = machine["States"]
    valid = {name: state for name, state in states.items() if isinstance(state, dict)}
    start = machine["StartAt"]
    if start not in states:
        yield Diagnostic(code=TARGET, message=f"Missing 'StartAt' target: {start}", location=f"{at}/StartAt")
    reached: set[str] = set()
    queue = [start]
    while queue:
        name = queue.pop()
        if name in valid and name not in reached:
            reached.add(name)
            queue.extend(target for _, target in transitions(valid[name]))
    dangling = False
    for name, state in valid.items():
        for field, target in transitions(state):
            if target not in states:
                dangling = True
                message = f"Missing '{field.rpartition('/')[2]}' target: {target}"
                yield Diagnostic(code=TARGET, message=message, location=f"{at}/States/{name}/{field}")
        if start in states and name not in reached:
            message = f'State "{name}" is not reachable.'
            yield Diagnostic(code=TARGET, message=message, location=f"{at}/States/{name}")
    # Report a missing end only for a complete, circular graph; otherwise the other problems explain it.
    circular = all(list(transitions(state)) and state.get("End") is not True for state in valid.values())
    if valid and circular and not dangling:
        yield Diagnostic(code="MISSING_END_STATE", message="No terminal state", location=f"{at}/States")
