"""Policies name actions that AWS has, on resources that the actions take: against the service authorization reference.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html, as policy_sentry brings it.
"""

import functools
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from policy_sentry.querying.actions import get_action_data

from tests.e2e.client import Client

ON_THE_STATE_MACHINE = {"states:SendTaskSuccess", "states:SendTaskFailure", "states:InvokeHTTPEndpoint"}
"""The reference gives them no resource, but AWS holds them against the state machine: its own refusals name it, and
https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#connect-http-task-permissions grants it."""

MAX_INLINE_POLICIES = 10_240
"""Characters of all inline policies of a role together, without white space.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length"""

NO_RESOURCE = "*"
NAME = "\0"
"""Stands in a form for a name, which has no colon."""


def _policies(client: Client) -> dict[str, list[dict[str, Any]]]:
    """Return the policies of each role."""
    iam = client.aws("iam")
    roles = [each["RoleName"] for page in iam.get_paginator("list_roles").paginate() for each in page["Roles"]]
    return {
        role: [
            iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ]
        for role in roles
    }


def _granted(client: Client) -> Iterator[tuple[str, str]]:
    """Return every action of every role with a resource that it is granted on."""
    for policies in _policies(client).values():
        for statement in [statement for policy in policies for statement in policy["Statement"]]:
            yield from itertools.product(statement["Action"], statement["Resource"])


@functools.cache
def _formats(action: str) -> frozenset[str]:
    """Return the ARN formats that an action takes: `*` if it takes none, nothing for an unknown action."""
    service, _, name = action.partition(":")
    found = get_action_data(service, name)
    return frozenset(entry["resource_arn_format"] for entry in found[service]) if found else frozenset()


def _takes(form: str, resource: str) -> bool:
    return form != NO_RESOURCE and _meet(re.sub(r"\$\{\w+\}", NAME, form), resource)


def _meet(form: str, resource: str) -> bool:
    """Return whether an ARN can have this form and be meant by the resource of a policy."""

    @functools.cache
    def meet(i: int, j: int) -> bool:
        if i == len(form) and j == len(resource):
            return True
        if i < len(form) and form[i] == NAME:
            return meet(i + 1, j) or (j < len(resource) and resource[j] != ":" and meet(i, j + 1))
        if j < len(resource) and resource[j] == "*":
            return meet(i, j + 1) or (i < len(form) and meet(i + 1, j))
        return i < len(form) and j < len(resource) and form[i] == resource[j] and meet(i + 1, j + 1)

    return meet(0, 0)


def test_every_action_exists_and_takes_its_resource(breakable: Client) -> None:
    granted = set(_granted(breakable))
    assert len(granted) > 100
    for action, resource in granted:
        forms = _formats(action)
        assert forms, f"AWS has no action {action}"
        if resource == NO_RESOURCE:
            assert forms == {NO_RESOURCE}, f"{action} can be granted on named resources: {sorted(forms)}"
        elif action not in ON_THE_STATE_MACHINE:
            # Other pages of AWS give a log group's ARN with `:*` at its end; whoever has both spellings is safe.
            known = resource.removesuffix(":*") if (action, resource.removesuffix(":*")) in granted else resource
            assert any(_takes(form, known) for form in forms), f"{action} takes {sorted(forms)}, not {resource}"


def test_policies_of_every_role_fit_the_size_limit(breakable: Client) -> None:
    sizes = {
        role: sum(len(json.dumps(policy, separators=(",", ":"))) for policy in policies)
        for role, policies in _policies(breakable).items()
    }
    assert sizes
    assert {role: size for role, size in sizes.items() if size > MAX_INLINE_POLICIES} == {}


def test_invalid_grant_is_found() -> None:
    assert not _formats("dynamodb:PutThing")
    (form,) = {form for form in _formats("dynamodb:PutItem") if form != NO_RESOURCE}
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    assert _takes(form, table)
    assert not _takes(form, "arn:aws:s3:::orders/*")
    assert not _takes(form, f"{table}:stream:1")
    assert _formats("xray:PutTraceSegments") == {NO_RESOURCE}
