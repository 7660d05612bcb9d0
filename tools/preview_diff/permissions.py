"""Permissions that a change adds or removes: each action on each resource, in every policy of a stack."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.preview_diff.resources import Resource, Resources


@dataclass(frozen=True, order=True, kw_only=True)
class Permission:
    """One action that one policy allows or denies on one resource."""

    policy: str
    effect: str
    action: str
    resource: str
    principal: str
    condition: str


def permissions(resources: Resources) -> set[Permission]:
    """Return every permission in the policies of a stack: of roles, of resources, and of functions."""
    return {permission for resource in resources.values() for permission in _of(resource)}


def _of(resource: Resource) -> Iterator[Permission]:
    inputs = resource["inputs"]
    for name in ("policy", "assumeRolePolicy", "inlinePolicy"):
        for statement in _statements(inputs.get(name)):
            yield from _of_statement(resource["name"], statement)
    if resource["type"] == "aws:lambda/permission:Permission":
        yield Permission(
            policy=resource["name"],
            effect="Allow",
            action=str(inputs.get("action")),
            resource=str(inputs.get("function")),
            principal=str(inputs.get("principal")),
            condition=str(inputs.get("sourceArn", "")),
        )
    if "policyArn" in inputs:
        yield Permission(
            policy=resource["name"],
            effect="Allow",
            action="everything in the policy",
            resource=str(inputs["policyArn"]),
            principal="",
            condition="",
        )


def _statements(document: Any) -> list[Mapping[str, Any]]:
    try:
        parsed = json.loads(document)
    except (TypeError, ValueError):
        return []
    return _listed(parsed.get("Statement")) if isinstance(parsed, dict) else []


def _of_statement(policy: str, statement: Mapping[str, Any]) -> Iterator[Permission]:
    condition = json.dumps(statement["Condition"], sort_keys=True) if statement.get("Condition") else ""
    principal = statement.get("Principal", "")
    for action in _listed(statement.get("Action", statement.get("NotAction"))):
        for resource in _listed(statement.get("Resource", statement.get("NotResource", ""))):
            yield Permission(
                policy=policy,
                effect=str(statement.get("Effect")),
                action=f"{'every action but ' if 'NotAction' in statement else ''}{action}",
                resource=f"{'everything but ' if 'NotResource' in statement else ''}{resource}",
                principal=principal if isinstance(principal, str) else json.dumps(principal, sort_keys=True),
                condition=condition,
            )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
