"""Usage of granted permissions: an unused one violates least privilege."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sandbox.iam import roles
from sandbox.iam.conditions import listed
from sandbox.iam.policies import Document, Grant, statements


class Usage:
    """Collects, per role, the pairs of action and resource in its policies that allowed a call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: defaultdict[str, set[Grant]] = defaultdict(set)

    def note(self, role_arn: str, grants: Iterable[Grant]) -> None:
        """Record that these allowed a call."""
        with self._lock:
            self._used[role_arn].update(grants)

    def report(self) -> list[dict[str, Any]]:
        """Return every permission of every role, in their order: `{role, action, resource, used}`."""
        with self._lock:
            used = {role: frozenset(grants) for role, grants in self._used.items()}
        return [
            {"role": arn, "action": grant.action, "resource": grant.resource, "used": grant in used.get(arn, ())}
            for arn in roles.every_role()
            for grant in sorted(granted(roles.documents(arn)), key=lambda each: (each.action, each.resource))
        ]


def granted(documents: Iterable[Document]) -> set[Grant]:
    """Return every pair of action and resource that the policies allow."""
    return {
        Grant(action, resource)
        for document in documents
        for statement in statements(document)
        if statement["Effect"] == "Allow"
        for action in listed(statement.get("Action", []))
        for resource in listed(statement.get("Resource", []))
    }
