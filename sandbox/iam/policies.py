"""Evaluation of policy statements.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sandbox.iam.conditions import Context, expression, hold, listed, matches, substitute

# A wildcard goes beyond its segment only as the segment's last character.
_WITHIN_A_SEGMENT = "(?:[^:]*|.*(?=:|$))"

Document = Mapping[str, Any]
"""A policy document, read from its JSON."""


class Decision(Enum):
    """The decision of a set of policies. Only ALLOWED permits a call."""

    ALLOWED = "allowed"
    DENIED = "explicit deny"
    NOT_ALLOWED = "no policy allows"


@dataclass(frozen=True)
class Access:
    """One access of a call: an IAM action, the resource's ARN (`*`: none can be named) and the condition keys."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class Grant:
    """One matching pair of action and resource in an allowing statement."""

    action: str
    resource: str


@dataclass(frozen=True)
class Verdict:
    """A decision, and for an allowed call the statements that allowed it."""

    decision: Decision
    grants: tuple[Grant, ...] = ()

    @property
    def allowed(self) -> bool:
        """Return whether the call is allowed."""
        return self.decision is Decision.ALLOWED


def evaluate(documents: Iterable[Document], access: Access, principals: frozenset[str] | None = None) -> Verdict:
    """Evaluate policies.

    `principals` has the names of the caller in resource policies (ARNs, the account, a service such as
    `events.amazonaws.com`); None for identity policies, whose statements have no principal.
    Raises UnsupportedConditionError for a condition operator that IAM lacks.
    """
    grants: list[Grant] = []
    for document in documents:
        for statement in statements(document):
            if not _speaks_of(statement, principals):
                continue
            matched = _matched(statement, access)
            if not matched or not hold(statement.get("Condition") or {}, access.context):
                continue
            if statement["Effect"] == "Deny":
                return Verdict(Decision.DENIED)
            grants.extend(matched)
    return Verdict(Decision.ALLOWED, tuple(grants)) if grants else Verdict(Decision.NOT_ALLOWED)


def statements(document: Document) -> list[Mapping[str, Any]]:
    """Return the statements of a policy, which may be a single one without a list."""
    found = document.get("Statement") or []
    return found if isinstance(found, list) else [found]


def _speaks_of(statement: Mapping[str, Any], principals: frozenset[str] | None) -> bool:
    if principals is None:
        return True
    named = _principals(statement.get("Principal"))
    if "NotPrincipal" in statement:
        return not principals & _principals(statement["NotPrincipal"])
    return "*" in named or bool(named & principals)


def _principals(element: Any) -> frozenset[str]:
    if isinstance(element, Mapping):
        return frozenset(name for value in element.values() for name in listed(value))
    return frozenset(listed(element)) if element else frozenset()


def _matched(statement: Mapping[str, Any], access: Access) -> list[Grant]:
    """Return the pairs of action and resource of the statement that cover the access."""
    if "NotAction" in statement:
        covered = any(_action_matches(pattern, access.action) for pattern in listed(statement["NotAction"]))
        actions = [] if covered else ["*"]
    else:
        actions = [pattern for pattern in listed(statement["Action"]) if _action_matches(pattern, access.action)]
    if not actions:
        return []
    facts = {key.lower(): [value] if isinstance(value, str) else list(value) for key, value in access.context.items()}
    if "NotResource" in statement:
        # With an unreadable exception, the statement matches nothing, rather than everything.
        covered = any(
            substitute(pattern, facts) is None or _resource_matches(pattern, access.resource, facts)
            for pattern in listed(statement["NotResource"])
        )
        resources = [] if covered else ["*"]
    else:
        # A trust policy has no Resource: it is part of the role to which it applies.
        named = listed(statement.get("Resource", "*"))
        resources = [pattern for pattern in named if _resource_matches(pattern, access.resource, facts)]
    return [Grant(action, resource) for action in actions for resource in resources]


def _action_matches(pattern: str, action: str) -> bool:
    """Match an action. The service prefix is literal; wildcards apply to the rest.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    service, _, name = pattern.lower().partition(":")
    own_service, _, own_name = action.lower().partition(":")
    return pattern == "*" or (service == own_service and matches(name, own_name))


def _resource_matches(pattern: str, resource: str, facts: Mapping[str, list[str]]) -> bool:
    """Match a resource. Wildcards stay within their segment of the ARN, except for a `*` that ends it.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    known = substitute(pattern, facts)
    if known is None:
        return False
    return expression(known, any_run=_WITHIN_A_SEGMENT, any_one="[^:]").fullmatch(resource) is not None
