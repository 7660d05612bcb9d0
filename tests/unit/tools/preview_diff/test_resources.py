"""Resources that a change replaces, changes or moves."""

from typing import Any

import pytest

from tools.preview_diff import resources
from tools.preview_diff.resources import Kind

QUEUE = {"type": "aws:sqs/queue:Queue", "name": "orders-dead-letters"}


@pytest.mark.parametrize(
    ("edit", "kind", "detail"),
    [
        ({"name": "other"}, Kind.REPLACED, "name: before → other"),
        ({"visibilityTimeoutSeconds": 7}, Kind.CHANGED, "visibilityTimeoutSeconds: none → 7"),
        ({"role": "other"}, Kind.CHANGED, "role: none → other"),
    ],
    ids=["another name", "another property", "another role"],
)
def test_other_name_replaces_a_resource_and_other_properties_change_it(
    edit: dict[str, Any], kind: Kind, detail: str
) -> None:
    (change,) = resources.compare(
        {"key": {**QUEUE, "inputs": {"name": "before"}}}, {"key": {**QUEUE, "inputs": {"name": "before", **edit}}}
    )
    assert (change.kind, change.name, change.details) == (kind, "orders-dead-letters", (detail,))


def test_policy_of_another_role_is_replaced() -> None:
    def policy(role: str) -> resources.Resources:
        return {"key": {"type": "aws:iam/rolePolicy:RolePolicy", "name": "policy", "inputs": {"role": role}}}

    (change,) = resources.compare(policy("one"), policy("two"))
    assert change.kind is Kind.REPLACED


def test_resource_below_another_parent_is_replaced() -> None:
    topic = {"type": "aws:sns/topic:Topic", "name": "alarms", "inputs": {}}
    changes = resources.compare({"holdpoint:A$topic::alarms": topic}, {"holdpoint:B$topic::alarms": topic})
    assert [(change.kind, change.details) for change in changes] == [(Kind.REPLACED, ("another parent",))]


def test_long_values_are_not_shown() -> None:
    def board(body: str) -> resources.Resources:
        return {"board": {"type": "aws:cloudwatch/dashboard:Dashboard", "name": "board", "inputs": {"body": body}}}

    (change,) = resources.compare(board("x" * 61), board("y"))
    assert change.details == ("body",)
