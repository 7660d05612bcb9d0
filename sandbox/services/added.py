"""Adds to moto what it does not have, for as long as the sandbox runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def added(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Give `owner` the attribute `name`, and take it away at the end.

    Raises RuntimeError if moto has it already: the gap is closed, and its module here can be deleted.
    """
    if hasattr(owner, name):
        raise RuntimeError(f"moto has {owner.__name__}.{name} now: delete the module of sandbox/ that adds it")
    setattr(owner, name, value)
    try:
        yield
    finally:
        delattr(owner, name)
