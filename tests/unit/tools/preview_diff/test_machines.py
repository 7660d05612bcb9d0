"""The diagram of a state machine that changes."""

import json
from typing import Any

from tools.preview_diff import machines, resources


def _machine(states: dict[str, Any], **more: Any) -> resources.Resources:
    definition = {"StartAt": next(iter(states)), "States": states, **more}
    inputs = {"definition": json.dumps(definition)}
    return {"machine": {"type": machines.TYPE, "name": "release", "inputs": inputs}}


def test_diagram_marks_added_removed_and_changed_states() -> None:
    old = _machine({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}})
    new = _machine({"A": {"Type": "Pass", "Next": "D"}, "D": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}})
    (machine,) = machines.changed(old, new)
    assert dict(machine.states) == {"A": "`Next`", "D": "added", "B": "removed"}
    lines = {line.strip() for line in machine.diagram.splitlines()}
    assert {'s0("A (changed)")', 's1("D (added)")', 's2(["C"]):::succeeded', 's3("B (removed)")'} <= lines
    # The removed state keeps its edges; the others are those of today.
    assert {"s0 --> s1", "s1 --> s2", "s0 --> s3", "s3 --> s2"} <= lines
    assert {"class s1 added", "class s3 removed", "class s0 changed"} <= lines


def test_state_that_moves_into_a_branch_is_drawn_once() -> None:
    inner = {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}
    old = _machine({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": True}})
    new = _machine({"A": {"Type": "Pass", "Next": "P"}, "P": {"Type": "Parallel", "Branches": [inner], "End": True}})
    (machine,) = machines.changed(old, new)
    assert machine.states["B"] == "moved"
    assert machine.diagram.count('"B (changed)"') == 1


def test_new_and_removed_machines_and_their_own_fields_are_drawn() -> None:
    states = {"A": {"Type": "Pass", "End": True}}
    assert machines.changed({}, _machine(states))[0].states["A"] == "added"
    assert machines.changed(_machine(states), {})[0].states["A"] == "removed"
    (machine,) = machines.changed(_machine(states), _machine(states, TimeoutSeconds=7))
    assert dict(machine.states) == {"the machine itself": "`TimeoutSeconds`"}
