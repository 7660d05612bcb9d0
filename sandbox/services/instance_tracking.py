"""moto keeps every object that it ever made, each copy of a table or an item too: a sandbox at work would only grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.core.common_models import BaseModel
from moto.s3.models import FakeKey, FakeMultipart

from sandbox.services.patching import replaced

# moto closes their files when it is reset.
KEPT = (FakeKey, FakeMultipart)


@contextmanager
def install() -> Iterator[None]:
    """Keep only those that moto itself looks for later."""
    with replaced(BaseModel, "__new__", _untracked):
        yield


def _untracked(original: Any) -> Any:
    def new(cls: type, *args: Any, **kwargs: Any) -> Any:
        return original(cls, *args, **kwargs) if issubclass(cls, KEPT) else object.__new__(cls)

    return new
