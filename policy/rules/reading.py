"""Reads the properties of resources, of which some are unknown during a preview: to read such a one raises."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy.proxy import UnknownValueError


def known(props: Mapping[str, Any], *path: str) -> Any:
    """Return the value at a path such as `"target", "arn"`; None where it is missing, or unknown until the update.

    For rules over a whole stack: one unknown value must not keep the other resources from being looked at. A rule over
    one resource reads its value plainly, and pulumi-policy then says that the rule waits for the update.
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
    """Return whether there is a value at a path, be it one that only the update will know."""
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
    """Return a value that may be one or many, as a list; nothing is an empty one. Raises UnknownValueError for an
    unknown.
    """
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
