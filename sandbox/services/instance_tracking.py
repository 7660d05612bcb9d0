"""Stops moto from keeping every object that it made, including copies of tables and items, which only grows."""

from typing import Any

from moto.core.common_models import BaseModel
from moto.s3.models import FakeKey, FakeMultipart

from sandbox.patches import wrapped

# moto's reset closes their files.
KEPT = (FakeKey, FakeMultipart)


def _untracked(original: Any, cls: type, *args: Any, **kwargs: Any) -> Any:
    return original(cls, *args, **kwargs) if issubclass(cls, KEPT) else object.__new__(cls)


PATCHES = (wrapped(BaseModel, "__new__", _untracked, "keeps every object it ever made"),)
