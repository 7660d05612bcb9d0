"""moto keeps every object that it ever made, each copy of a table or an item too: a sandbox at work would only grow."""

from typing import Any

from moto.core.common_models import BaseModel
from moto.s3.models import FakeKey, FakeMultipart

from sandbox.patches import wrapped

# moto closes their files when it is reset.
KEPT = (FakeKey, FakeMultipart)


def _untracked(original: Any, cls: type, *args: Any, **kwargs: Any) -> Any:
    return original(cls, *args, **kwargs) if issubclass(cls, KEPT) else object.__new__(cls)


PATCHES = (wrapped(BaseModel, "__new__", _untracked, "keeps every object it ever made"),)
