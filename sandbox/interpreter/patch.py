"""Replacement of moto's attributes by an extension."""

from typing import Any


def replace(owner: Any, name: str, new: Any) -> Any:
    """Put `new` where `owner.name` is and return what stood there.

    Raises AttributeError if there is nothing: moto has changed, and the extension must be looked at again.
    """
    original = getattr(owner, name)
    setattr(owner, name, new)
    return original
