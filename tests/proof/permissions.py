"""Every permission of every role, and whether a test used it: `docs/permissions.md`."""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.proof.justifications import ON_EVERY_RESOURCE, UNUSED
from tests.proof.ledger import FOLDER

DOCUMENT = Path(__file__).parents[2] / "docs" / "permissions.md"
STACK, REGION = "holdpoint-dev-", "-use1"

# Parts that differ between deployments: ids, the account, and the six characters at the end of a secret's ARN.
# Ids come first, because one may end with twelve digits, like an account.
_CHANGING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "{id}"),
    (re.compile(r"\b\d{12}\b"), "{account}"),
    (re.compile(r"(:secret:[\w/!{}.-]+)-\w{6}$"), r"\1-{id}"),
    (re.compile("us-east-1"), "{region}"),
    # The provider makes a bucket's name unique by the time and a counter.
    (re.compile(r"(arn:aws:s3:::[\w-]+?-)\d{18,}"), r"\1{id}"),
)


@dataclass(frozen=True, order=True)
class Permission:
    """One action that a role may do on one resource. `role` is the role's name without the stack's prefix."""

    role: str
    action: str
    resource: str


def new_file() -> Path:
    """Return the file in which one sandbox records the used permissions."""
    return FOLDER / f"permissions-{uuid.uuid4()}.json"


def collected(folder: Path = FOLDER) -> dict[Permission, bool]:
    """Return every permission that a sandbox granted, and whether any test used it."""
    found: dict[Permission, bool] = {}
    for path in folder.glob("permissions-*.json"):
        for entry in json.loads(path.read_text()):
            if f"/{STACK}" not in entry["role"]:
                # A stack of another name, which a test deployed beside the usual one.
                continue
            permission = _permission(entry)
            found[permission] = found.get(permission, False) or entry["used"]
    return dict(sorted(found.items()))


def problems(found: Mapping[Permission, bool]) -> list[str]:
    """Return what is wrong: permissions that nothing used, wildcards without a reason, reasons without an object."""
    unused = [permission for permission, used in found.items() if not used]
    wrong = [
        f"{each.role} may {each.action} on {each.resource}, which no test ever used: take it away, or test it, or give "
        "the reason in tests/proof/justifications.py"
        for each in unused
        if reason_for(each) is None
    ]
    wrong += [
        f"{each.role} may {each.action} on every resource: name the resource, or give the rule of AWS that forces it "
        "in tests/proof/justifications.py"
        for each in found
        if "*" in (each.resource, each.action.partition(":")[2]) and each.action not in ON_EVERY_RESOURCE
    ]
    idle = [rule for rule in UNUSED if not any(rule.speaks_of(*_texts(each)) for each in unused)]
    wrong += [f"the reason for {rule.action} of {rule.role} is for nothing: the tests use it" for rule in idle]
    granted = {each.action for each in found if each.resource == "*"}
    wrong += [
        f"the reason for {name} on every resource is for nothing" for name in ON_EVERY_RESOURCE if name not in granted
    ]
    return wrong


def reason_for(permission: Permission) -> str | None:
    """Return the justification of an unused permission, or None."""
    return next((rule.reason for rule in UNUSED if rule.speaks_of(*_texts(permission))), None)


def document(found: Mapping[Permission, bool]) -> str:
    """Return docs/permissions.md."""
    roles = sorted({permission.role for permission in found})
    used = sum(found.values())
    parts = [
        "# Permissions",
        "Made by `make permissions` from what the end-to-end tests did with IAM enforced; the tests fail when it is "
        "out of date, when a permission is used by no test and has no reason, and when a `*` has none.",
        f"{len(roles)} roles, {len(found)} permissions: {used} used by the tests, {len(found) - used} with a reason.",
    ]
    for role in roles:
        rows = [_row(each, found[each]) for each in found if each.role == role]
        parts.append("\n".join([f"## {role}\n", "| action | resource | used |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def _row(permission: Permission, used: bool) -> str:
    notes = ["yes" if used else f"no: {reason_for(permission)}"]
    if permission.resource == "*":
        notes.append(f"`*`: {ON_EVERY_RESOURCE.get(permission.action)}")
    return f"| `{permission.action}` | `{permission.resource}` | {'; '.join(notes)} |"


def _permission(entry: Mapping[str, Any]) -> Permission:
    resource = str(entry["resource"])
    for pattern, name in _CHANGING:
        resource = pattern.sub(name, resource)
    role = str(entry["role"]).rpartition("/")[2].removeprefix(STACK).removesuffix(REGION)
    return Permission(role, str(entry["action"]), resource)


def _texts(permission: Permission) -> Iterable[str]:
    return permission.role, permission.action, permission.resource
