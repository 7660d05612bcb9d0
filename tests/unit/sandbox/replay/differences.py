"""Differences between state and AWS, as a plan of the provider finds them."""

import json
from typing import Any

NOT_READ = {
    "bucketPrefix",
    "code",
    "content",
    "deletionWindowInDays",
    "forceDestroy",
    "isEnabled",
    "namePrefix",
    "recoveryWindowInDays",
    "source",
}
"""Properties that the provider keeps from the program, because AWS does not tell them again."""


def alike(given: Any, found: Any) -> bool:
    """Return whether the provider sees no difference: properties of a block that were not given are ignored."""
    if isinstance(given, dict) and isinstance(found, dict):
        return all(key in found and alike(value, found[key]) for key, value in given.items())
    if isinstance(given, list) and isinstance(found, list):
        ours, theirs = sorted(given, key=_order), sorted(found, key=_order)
        return len(ours) == len(theirs) and all(alike(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(given, str) and isinstance(found, str) and given.startswith("{") and given != found:
        return bool(json.loads(given) == json.loads(found))
    return bool(given == found)


def _order(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("id") or value)
    return str(value)
