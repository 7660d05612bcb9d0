"""The policy of a release: its approvers, without the person who requested it."""

from typing import Any

import pytest

from asl import release
from asl.hold import Policy
from tests.unit.asl.deciding import value
from tests.unit.asl.release.test_workflow import MACHINE, TARGETS

ANN, BOB = "ann@example.com", "bob@example.com"


def _registered(policy: Policy) -> dict[str, Any]:
    """Return the item that a release of that policy registers."""
    machine = release.definition(TARGETS, timeout_seconds=90000, callback_timeout_seconds=86400, policy=policy)
    item: dict[str, Any] = machine["States"]["Register story"]["Arguments"]["Item"]
    return item


@pytest.mark.parametrize(
    ("metadata", "requester", "others"),
    [({"requestedBy": "Ann@Example.com"}, "Ann@Example.com", [BOB]), ({"requestedBy": 7}, "", [ANN, BOB])],
)
def test_requester_is_no_approver_of_a_release(metadata: Any, requester: str, others: list[str]) -> None:
    item = _registered(Policy(approvers=[ANN, BOB]))
    assert value(item["requester"]["S"], {"metadata": metadata}) == requester
    assert value(item["approvers"]["Ss"], {"metadata": metadata}) == others


@pytest.mark.parametrize(
    ("metadata", "details"),
    [({"environment": "production"}, "Environment: production"), ({"notes": "x"}, ""), ("x", "")],
)
def test_people_see_the_environment_of_a_release(metadata: Any, details: str) -> None:
    assert value(_registered(Policy())["details"]["S"], {"metadata": metadata}) == details


def test_release_without_approvers_records_no_requester() -> None:
    assert _registered(Policy(requester_may_approve=True)) == MACHINE["States"]["Register story"]["Arguments"]["Item"]
