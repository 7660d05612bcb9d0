"""Resources that a change adds, removes, replaces or changes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Resource = Mapping[str, Any]
"""`type`, `name` and `inputs` of a resource, as `evaluate` writes them."""

Resources = Mapping[str, Resource]
"""The resources of a stack by their keys, which begin with the type of the parent."""

NAMING = frozenset(
    {
        *("apiId", "bucket", "dashboardName", "eventBusName", "functionName", "hashKey", "name", "policyName"),
        *("queueUrl", "rangeKey", "rule", "secretId", "topic"),
    }
)
"""Properties by which AWS finds a resource: the provider replaces the resource when one of them changes. It replaces
some on other changes too, which only `pulumi preview` knows."""

LONGEST_VALUE = 60
"""Characters of a value that a table shows."""


class Kind(StrEnum):
    """The kind of a change, in the order of a report."""

    REMOVED = "removed"
    REPLACED = "replaced"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One resource that changes. `details` has the properties, with their values if these are short."""

    kind: Kind
    type: str
    name: str
    details: tuple[str, ...] = ()


def compare(old: Resources, new: Resources) -> list[Change]:
    """Return the changes from `old` to `new`, by kind, type and name."""
    found = list(_changes(old, new))
    order = list(Kind)
    return sorted(found, key=lambda change: (order.index(change.kind), change.type, change.name))


def _changes(old: Resources, new: Resources) -> Iterator[Change]:
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    moved = {_identity(old[key]) for key in removed} & {_identity(new[key]) for key in added}
    for kind, keys, resources in ((Kind.ADDED, added, new), (Kind.REMOVED, removed, old)):
        for key in keys:
            if _identity(resources[key]) not in moved:
                yield _change(kind, resources[key])
    for key in added:
        if _identity(new[key]) in moved:
            yield _change(Kind.REPLACED, new[key], "another parent")
    for key in old.keys() & new.keys():
        before, after = old[key]["inputs"], new[key]["inputs"]
        properties = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        if properties:
            is_replaced = bool(NAMING & set(properties)) or (
                "role" in properties and new[key]["type"].startswith("aws:iam/")
            )
            details = [_detail(name, before.get(name), after.get(name)) for name in properties]
            yield _change(Kind.REPLACED if is_replaced else Kind.CHANGED, new[key], *details)


def _identity(resource: Resource) -> tuple[str, str]:
    return resource["type"], resource["name"]


def _change(kind: Kind, resource: Resource, *details: str) -> Change:
    return Change(kind=kind, type=resource["type"], name=resource["name"], details=details)


def _detail(name: str, before: Any, after: Any) -> str:
    values = [_shown(value) for value in (before, after)]
    return name if None in values else f"{name}: {values[0]} → {values[1]}"


def _shown(value: Any) -> str | None:
    text = "none" if value is None else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST_VALUE else None
