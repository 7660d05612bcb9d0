"""Rules for every state machine: a sound graph, a timeout for every task, and a handler for every failure."""

import json
import re
from typing import Any

import pytest

from tests.unit.asl.graph import reachable, scopes, states, successors, tasks, texts
from tests.unit.asl.orders.test_approval import MACHINE as LARGE_ORDERS
from tests.unit.asl.orders.test_workflow import MACHINE as ORDERS
from tests.unit.asl.release.test_api_lists import ONE, TEN
from tests.unit.asl.release.test_api_lists import machine as release_of
from tests.unit.asl.release.test_workflow import MACHINE as RELEASE
from tests.unit.asl.test_hold import MACHINES as HOLDS

Machine = dict[str, Any]

MACHINES = {
    "release": RELEASE,
    "release of one API": release_of(ONE),
    "release of ten APIs": release_of(TEN),
    "orders": ORDERS,
    "orders with approval": LARGE_ORDERS,
    **{f"hold ({effect})": machine for effect, machine in HOLDS.items()},
}

each_machine = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)


@each_machine
def test_every_target_exists(machine: Machine) -> None:
    for scope in scopes(machine):
        assert scope.start in scope.states
        for name, state in scope.states.items():
            for target in successors(state):
                assert target in scope.states, f"{name} leads to {target}, which is not there"


@each_machine
def test_every_state_is_reachable(machine: Machine) -> None:
    for scope in scopes(machine):
        assert reachable(scope) == set(scope.states)


@each_machine
def test_names_are_unique_across_branches(machine: Machine) -> None:
    names = [name for scope in scopes(machine) for name in scope.states]
    assert len(names) == len(set(names))


@each_machine
def test_every_state_has_a_next_state_or_ends(machine: Machine) -> None:
    for name, state in states(machine).items():
        ends = state.get("End") is True or state["Type"] in {"Fail", "Succeed"}
        assert ends != ("Next" in state or "Default" in state), name


@pytest.mark.parametrize(("machine", "expected"), [(RELEASE, 10), (ORDERS, 10)], ids=["release", "orders"])
def test_number_of_states_on_the_success_path(machine: Machine, expected: int) -> None:
    entered = 0
    name: str | None = machine["StartAt"]
    while name:
        state = machine["States"][name]
        entered += 1 + len(state.get("Branches", []))
        name = HAPPY.get(name) or state.get("Next") or state.get("Default")
    assert entered == expected


HAPPY = {"Still open?": "Pay and reserve"}
"""The success branch of Choices where it is not the Default."""


@each_machine
def test_every_task_has_a_timeout_and_explicit_retries(machine: Machine) -> None:
    assert machine["TimeoutSeconds"] > 0
    for name, state in tasks(machine).items():
        assert state["TimeoutSeconds"] > 0, name
        assert state["Retry"], name
        assert all(retrier["ErrorEquals"] for retrier in state["Retry"]), name


@each_machine
def test_every_failure_is_caught(machine: Machine) -> None:
    for name, state in machine["States"].items():
        if state["Type"] not in {"Task", "Parallel"}:
            continue
        assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name


@each_machine
def test_no_retrier_is_shadowed(machine: Machine) -> None:
    for name, state in tasks(machine).items():
        seen: set[str] = set()
        for retrier in state["Retry"]:
            assert not seen & set(retrier["ErrorEquals"]), name
            seen |= set(retrier["ErrorEquals"])


@each_machine
def test_expressions_are_complete(machine: Machine) -> None:
    for text in texts(machine):
        assert text.count("{%") == text.count("%}")
        assert "Output" not in text or "Calling __str__" not in text
    assert json.loads(json.dumps(machine)) == machine


@each_machine
def test_every_variable_is_assigned_before_it_is_used(machine: Machine) -> None:
    """A variable that no state assigns is a misspelling, which AWS finds only when the state runs."""
    assigned = {
        name
        for state in states(machine).values()
        for place in [state, *state.get("Catch", []), *state.get("Choices", [])]
        for name in place.get("Assign", {})
    }
    for text in texts(machine):
        for name in _variables(text):
            assert name in assigned, f"${name} in {text}"


BUILT_IN = {"states", "parse", "uuid", "partition", "range", "hash", "random"}


def _variables(text: str) -> set[str]:
    if "{%" not in text:
        return set()
    without_strings = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    local = set(re.findall(r"\$(\w+)\s*:=", without_strings))
    parameters = " ".join(re.findall(r"function\(([^)]*)\)", without_strings))
    local |= set(re.findall(r"\$(\w+)", parameters))
    used = set(re.findall(r"\$(\w+)(?!\w*\()", without_strings))
    called = set(re.findall(r"\$(\w+)\(", without_strings))
    return used - called - local - BUILT_IN
