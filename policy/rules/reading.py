"""Reader of resource properties. Some are unknown during a preview, and raise an error when read."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy.proxy import UnknownValueError


def known(props: Mapping[str, Any], *path: str) -> Any:
    """Return the value at a path such as `"target", "arn"`; None if it is missing, or unknown until the update.

    It is for rules over a whole stack, where one unknown value must not stop the check of the other resources. A rule
    over one resource reads its value directly, and pulumi-policy then reports that the rule waits for the update.
    """
    value: Any = props
    for key in path:
        if not isinstance(value, Mapping):
            return None
        try:
            value = value.get(key)
        except UnknownValueError:
            return None
    return value


def given(props: Mapping[str, Any], *path: str) -> bool:
    """Return whether there is a value at a path, even one that only the update will know."""
    value: Any = props
    for key in path:
        if not isinstance(value, Mapping):
            return False
        try:
            value = value.get(key)
        except UnknownValueError:
            return True
    return bool(value)


def listed(value: Any) -> list[Any]:
    """Return a value or a list as a list; None is an empty list. Raise UnknownValueError for an unknown value."""
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
