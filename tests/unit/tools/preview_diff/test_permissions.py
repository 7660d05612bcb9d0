"""Every form in which AWS takes permissions is read."""

import json
from typing import Any

import pytest

from tools.preview_diff import permissions


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        (
            "aws:iam/role:Role",
            {"assumeRolePolicy": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "x"}}},
            ("sts:AssumeRole", "", '{"Service": "x"}'),
        ),
        (
            "aws:s3/bucketPolicy:BucketPolicy",
            {"policy": {"Effect": "Deny", "NotAction": "s3:Get*", "NotResource": "b", "Principal": "*"}},
            ("every action but s3:Get*", "everything but b", "*"),
        ),
        (
            "aws:lambda/permission:Permission",
            {"action": "lambda:InvokeFunction", "function": "f", "principal": "events"},
            ("lambda:InvokeFunction", "f", "events"),
        ),
        (
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            {"policyArn": "arn", "role": "r"},
            ("everything in the policy", "arn", ""),
        ),
    ],
    ids=["trust", "denial of the rest", "of a function", "attached"],
)
def test_every_form_of_permission_is_read(kind: str, inputs: dict[str, Any], expected: tuple[str, ...]) -> None:
    written = {
        name: json.dumps({"Statement": value}) if isinstance(value, dict) else value for name, value in inputs.items()
    }
    (found,) = permissions.permissions({"key": {"type": kind, "name": "name", "inputs": written}})
    assert (found.action, found.resource, found.principal) == expected
