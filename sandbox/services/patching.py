"""Replaces an attribute of moto for as long as the sandbox runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def replaced(owner: Any, name: str, make: Callable[[Any], Any]) -> Iterator[None]:
    """Set `owner.name` to `make(its present value)`, and back at the end.

    Raises AttributeError if moto has no such attribute any more: an upgrade must not disable an extension silently.
    """
    original = getattr(owner, name)
    setattr(owner, name, make(original))
    try:
        yield
    finally:
        setattr(owner, name, original)
