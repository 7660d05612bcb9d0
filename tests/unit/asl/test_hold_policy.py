"""The policy of a hold in its definition: approvers, approvals, and the requester who is left out."""

from dataclasses import replace
from typing import Any

import pytest

from asl import hold
from tests.unit.asl.deciding import value
from tests.unit.asl.test_hold import FAILING, NAMES

ANN, BOB = "ann@example.com", "bob@example.com"
REQUESTER = "$states.context.Execution.Input.requester"


def item(policy: hold.Policy) -> dict[str, Any]:
    """Return the item that the registration puts."""
    states = hold.states(replace(FAILING, policy=policy), next_state="Next", failed_state="Failed")
    found: dict[str, Any] = states[NAMES.register]["Arguments"]["Item"]
    return found


def approvers(policy: hold.Policy, requester: str) -> Any:
    """Return who may approve if this person makes the request."""
    variables = {"states": {"context": {"Execution": {"Input": {"requester": requester}}}}}
    return value(item(policy)["approvers"]["Ss"], variables)


def test_the_default_policy_adds_nothing_to_the_item() -> None:
    attributes = {"requester", "requesterMayApprove", "approvers", "approvalsNeeded", "approvals"}
    assert not attributes & item(hold.Policy()).keys()


def test_approvers_and_the_number_of_approvals_are_on_the_item() -> None:
    policy = hold.Policy(approvers=[ANN, BOB], approvals=2)
    found = item(policy)
    assert (found["approvalsNeeded"], found["approvals"]) == ({"N": "2"}, {"M": {}})
    assert approvers(policy, "") == [ANN, BOB]
    assert "requester" not in found


@pytest.mark.parametrize(
    ("requester", "others"),
    [(ANN, [BOB]), (" Ann@Example.com ", [BOB]), ("cy@example.com", [ANN, BOB]), ("", [ANN, BOB])],
)
def test_the_requester_is_no_approver(requester: str, others: list[str]) -> None:
    policy = hold.Policy(approvers=[ANN, BOB], requester=REQUESTER)
    assert approvers(policy, requester) == others
    assert "requesterMayApprove" not in item(policy)


def test_the_requester_is_one_where_the_policy_says_so() -> None:
    policy = hold.Policy(approvers=[ANN, BOB], requester=REQUESTER, requester_may_approve=True)
    assert approvers(policy, ANN) == [ANN, BOB]
    assert item(policy)["requesterMayApprove"] == {"Bool": True}


def test_a_hold_that_nobody_is_left_to_approve_fails_at_once() -> None:
    policy = hold.Policy(approvers=[ANN, BOB], approvals=2, requester=REQUESTER)
    with pytest.raises(Exception, match="needs 2 approvals of others than the requester"):
        approvers(policy, ANN)


@pytest.mark.parametrize(("named", "approvals"), [(0, 2), (2, 3), (2, 0), (0, 0)])
def test_approvals_that_nobody_can_give_are_refused(named: int, approvals: int) -> None:
    with pytest.raises(ValueError, match="name as many addresses in approvers, or lower approvals"):
        hold.Policy(approvers=[ANN, BOB][:named], approvals=approvals)


def test_a_hold_has_so_many_approvers_at_the_most() -> None:
    with pytest.raises(ValueError, match="at most 50"):
        hold.Policy(approvers=[f"a{number}@example.com" for number in range(51)])


def test_groups_stand_for_their_members() -> None:
    groups = {"finance": ["Ann@example.com", BOB], "all": [BOB, "cy@example.com"]}
    found = hold.addresses(["finance", "dee@example.com", "all"], groups)
    assert found == (ANN, BOB, "dee@example.com", "cy@example.com")


@pytest.mark.parametrize("name", ["finanse", "ann@", "ann smith@example.com", ""])
def test_an_unknown_approver_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="no email address and no group; the groups are: finance"):
        hold.addresses([name], {"finance": [ANN]})


def test_approver_to_whom_nobody_sends_a_link_is_refused() -> None:
    policy = hold.Policy(approvers=[ANN, BOB])
    linked = replace(FAILING.table, linked=["Ann@example.com"])
    with pytest.raises(ValueError, match=rf"nobody sends a link to the approvers {BOB}: give HoldArgs approval_links"):
        replace(FAILING, table=linked, policy=policy)
    assert replace(FAILING, table=replace(linked, linked=[ANN, BOB]), policy=policy).policy == policy


def test_wait_longer_than_the_resources_are_made_for_is_refused() -> None:
    shorter = replace(FAILING.table, timeout_seconds=FAILING.timeout_seconds - 1)
    with pytest.raises(ValueError, match="timeout_seconds of HoldArgs is"):
        replace(FAILING, table=shorter)
    assert replace(FAILING, table=replace(shorter, timeout_seconds=FAILING.timeout_seconds))
