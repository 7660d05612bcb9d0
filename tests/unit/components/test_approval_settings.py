"""Approvers from the configuration: whose policy it is, and the errors of policies and groups."""

import json
from typing import Any

import pytest

from asl.hold import Policy
from components.config_errors import ConfigError
from components.settings import Settings
from tests.unit.asl.deciding import value
from tests.unit.components.test_settings import configure
from tests.unit.recorded_program import recorded

ANN, BOB, CY = "ann@example.com", "bob@example.com", "cy@example.com"
GROUPS = {"finance": [ANN, BOB], "leads": [BOB, CY]}


def _configure(release: dict[str, Any] | None = None, **values: Any) -> None:
    policies = {} if release is None else {"release": release}
    configure(**{"approvalLinks": True, "approvalGroups": GROUPS, "approvalPolicies": policies, **values})


def test_nobody_is_named_by_default() -> None:
    configure()
    assert Settings.load().policies == {"release": Policy(), "orders": Policy()}


def test_groups_are_replaced_by_their_members_once_each() -> None:
    _configure({"approvers": ["leads", "Dee@Example.com", "finance"], "approvals": 4, "requesterMayApprove": True})
    expected = Policy(
        approvers=(BOB, CY, "dee@example.com", ANN),
        approvals=4,
        requester_may_approve=True,
    )
    assert Settings.load().policies["release"] == expected


def test_quoted_values_of_the_command_line_are_understood() -> None:
    _configure({"approvers": ["finance"], "approvals": "2", "requesterMayApprove": "true"})
    policy = Settings.load().policies["release"]
    assert (policy.approvals, policy.requester_may_approve) == (2, True)


@pytest.mark.parametrize(
    ("release", "error"),
    [
        (
            {"approvers": ["finanse"]},
            r"approvers\[0\] is 'finanse': must be an email address or .*mean finance?",
        ),
        ({"approvers": [ANN, "Ann <ann@x.com>"]}, r"approvers\[1\] is .*the groups are finance, leads.*set --path"),
        ({"approvers": [f"{'a' * 243}@example.com"]}, r"approvers\[0\] is .*must be an email address"),
        ({"approvers": [ANN, BOB, "Ann@Example.com"]}, r"approvers\[2\] is 'Ann@Example.com': must be there once"),
        ({"approvers": ["finance", ANN], "approvals": 3}, r"approvals is 3: must not be more than .* who are 2"),
        ({"approvals": 2}, "approvals is 2: must not be more than the approvers, who are 0"),
        ({"approvals": 0}, "approvals is 0: Input should be greater than or equal to 1"),
        ({"approvers": [f"a{n}@example.com" for n in range(51)]}, "must be 50 addresses at the most, .* are 51"),
        ({"approver": [ANN]}, "approvalPolicies.release.approver is no field of a policy: did you mean approvers?"),
        ({"requesterMayApprove": True}, r"requesterMayApprove is true: works with .*release.approvers only"),
    ],
)
def test_policies_that_cannot_work_are_refused(release: dict[str, Any], error: str) -> None:
    _configure(release)
    with pytest.raises(ConfigError, match=error):
        Settings.load()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"approvalGroups": {"leads": [ANN, "bob"]}}, r"approvalGroups.leads\[1\] is 'bob': must be an email address"),
        (
            {"approvalGroups": {"leads": [ANN, ANN]}},
            r"approvalGroups.leads\[1\] is .*must be there once, and is 2",
        ),
        ({"approvalGroups": {"leads": []}}, "approvalGroups.leads is .*at least 1 item"),
        ({"approvalGroups": {"The Leads": [ANN]}}, "approvalGroups is .*has a group 'The Leads'"),
        ({"approvalPolicies": {"order": {}}}, "approvalPolicies is .*names no workflow 'order': .*release and orders"),
        ({"approvalPolicies": {"orders": {}}}, "approvalPolicies.orders: no order waits without ordersApprovalAbove"),
        (
            {"approvalPolicies": {"release": {"approvers": [ANN]}}, "approvalLinks": False},
            "approvers: must come with approvalLinks.* set approvalLinks true",
        ),
    ],
)
def test_keys_that_contradict_each_other_are_refused(values: dict[str, Any], error: str) -> None:
    _configure(**values)
    with pytest.raises(ConfigError, match=error):
        Settings.load()


def test_each_workflow_has_its_own_policy_and_each_approver_one_subscription() -> None:
    seen = recorded(
        "dev",
        approvalLinks=True,
        ordersApprovalAbove=500,
        approvalGroups=GROUPS,
        approvalPolicies={
            "release": {"approvers": ["finance"], "approvals": 2, "requesterMayApprove": True},
            "orders": {"approvers": ["leads"]},
        },
    )

    def item(machine: str, state: str) -> dict[str, Any]:
        definition = json.loads(seen.one("sfn/stateMachine:StateMachine", machine)["definition"])
        found: dict[str, Any] = definition["States"][state]["Arguments"]["Item"]
        return found

    release, orders = item("release", "Register story"), item("orders", "Register approval")
    assert value(release["approvers"]["Ss"], {}) == [ANN, BOB]
    assert (release["approvalsNeeded"], release["requesterMayApprove"]) == ({"N": "2"}, {"Bool": True})
    assert value(orders["approvers"]["Ss"], {"userId": "user-1", "user": {"email": CY}}) == [BOB]
    assert (orders["approvalsNeeded"], "requesterMayApprove" in orders) == ({"N": "1"}, False)
    subscriptions = [each.inputs for each in seen.all("sns/topicSubscription:TopicSubscription")]
    assert sorted(each["endpoint"] for each in subscriptions if each["protocol"] == "email") == [ANN, BOB, CY]
