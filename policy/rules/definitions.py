"""Reader of state machine definitions."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

State = Mapping[str, Any]


def parsed(definition: Any) -> State:
    """Parse a definition; return an empty one for invalid text, which Step Functions itself refuses."""
    try:
        machine = json.loads(definition) if definition else {}
    except ValueError:
        return {}
    return machine if isinstance(machine, Mapping) else {}


def tasks(machine: State) -> Iterator[tuple[str, State]]:
    """Yield every Task with its name, including those in branches and maps.

    https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
    """
    for name, state in machine.get("States", {}).items():
        if state.get("Type") == "Task":
            yield name, state
        for inner in (*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")):
            yield from tasks(inner or {})


def seconds(state: State) -> float | None:
    """Return the timeout of a state or a machine; None if it has none, or none that is a number."""
    timeout = state.get("TimeoutSeconds")
    return timeout if isinstance(timeout, int | float) else None


def is_bounded(task: State) -> bool:
    """Return whether a Task has a timeout: a number, a JSONata expression, or the path of one."""
    return bool(task.get("TimeoutSeconds") or task.get("TimeoutSecondsPath"))
