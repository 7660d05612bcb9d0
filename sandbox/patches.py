"""Patches of moto: declared by modules, applied together, and undone.

A module that changes moto declares its patches in `PATCHES`, or in `patches(...)` if they need the running sandbox.
`sandbox.extensions` finds them all, and `python -m sandbox patches` prints them.
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

NONE = "none"
"""We know no issue of moto that asks for the change."""
MOTO_ISSUES = "https://github.com/getmoto/moto/issues"
"""The prefix before the number of an issue or a pull request."""


class PatchError(RuntimeError):
    """A patch does not fit the installed moto, or two patches change the same attribute."""


@dataclass(frozen=True)
class Patch:
    """One changed or added attribute of moto. Create it with one of the functions below."""

    owner: Any
    """The class or module that has the attribute."""
    attribute: str
    replacement: Callable[[Any], Any]
    """Returns the new value; its argument is moto's own, None for an addition."""
    reason: str
    """The reason: how moto differs from AWS without the patch, or what it costs."""
    upstream: str
    """URL of moto's issue or pull request, or "none"."""
    is_addition: bool = False

    @property
    def owner_path(self) -> str:
        """Return the dotted path of the owner."""
        if isinstance(self.owner, type):
            return f"{self.owner.__module__}.{self.owner.__qualname__}"
        return str(self.owner.__name__)

    @property
    def target(self) -> str:
        """Return the dotted path of the attribute."""
        return f"{self.owner_path}.{self.attribute}"


def decorated(owner: Any, attribute: str, decorate: Callable[[Any], Any], reason: str, upstream: str = NONE) -> Patch:
    """Return the patch that sets `owner.attribute` to `decorate(its value)`."""
    return Patch(owner, attribute, decorate, reason, upstream)


def wrapped(owner: Any, attribute: str, around: Callable[..., Any], reason: str, upstream: str = NONE) -> Patch:
    """Return the patch of a function that calls `around(moto's function, *arguments)` instead."""

    def decorate(original: Any) -> Any:
        return lambda *arguments, **options: around(original, *arguments, **options)

    return Patch(owner, attribute, decorate, reason, upstream)


def replaced(owner: Any, attribute: str, value: Any, reason: str, upstream: str = NONE) -> Patch:
    """Return the patch that sets `owner.attribute` to a value that does not use moto's own."""
    return Patch(owner, attribute, lambda _: value, reason, upstream)


def added(owner: Any, attribute: str, value: Any, reason: str, upstream: str = NONE) -> Patch:
    """Return the patch that gives `owner` an attribute that moto lacks."""
    return Patch(owner, attribute, lambda _: value, reason, upstream, is_addition=True)


@contextmanager
def applied(patches: Sequence[Patch]) -> Iterator[None]:
    """Apply the patches in order, and undo them in reverse order at the end.

    Raises PatchError, before it changes anything, if two patches have the same attribute, if moto lacks an attribute
    that a patch changes, or has one that a patch adds: an upgrade of moto must not disable a patch silently.
    """
    _check(patches)
    with ExitStack() as stack:
        for patch in patches:
            stack.callback(_apply(patch))
        yield


def table(patches: Sequence[Patch]) -> str:
    """Return each owner with a line for each of its patched attributes: name, upstream issue, reason."""
    by_owner: dict[str, list[Patch]] = {}
    for patch in sorted(patches, key=lambda patch: (patch.owner_path, patch.attribute)):
        by_owner.setdefault(patch.owner_path, []).append(patch)
    name_width, issue_width = (
        max(len(heading), *(len(getattr(patch, field)) for patch in patches))
        for heading, field in (("attribute", "attribute"), ("moto's issue", "upstream"))
    )

    def row(name: str, issue: str, reason: str) -> str:
        return f"  {name:{name_width}}  {issue:{issue_width}}  {reason}"

    lines = ["OWNER", row("attribute", "moto's issue", "what moto does without the patch")]
    for path, owned in by_owner.items():
        lines += ["", path, *(row(patch.attribute, patch.upstream, patch.reason) for patch in owned)]
    return "\n".join(lines)


def _check(patches: Sequence[Patch]) -> None:
    seen: set[tuple[int, str]] = set()
    for patch in patches:
        if (id(patch.owner), patch.attribute) in seen:
            raise PatchError(f"two patches change {patch.target}: compose them in one")
        seen.add((id(patch.owner), patch.attribute))
        exists = hasattr(patch.owner, patch.attribute)
        if patch.is_addition and exists:
            raise PatchError(f"moto has {patch.target} now: delete the patch that adds it ({patch.reason})")
        if not patch.is_addition and not exists:
            raise PatchError(f"moto has no {patch.target} any more: adapt the patch that changes it ({patch.reason})")


def _apply(patch: Patch) -> Callable[[], None]:
    """Set the attribute, and return a function that restores it."""
    if patch.is_addition:
        setattr(patch.owner, patch.attribute, patch.replacement(None))
        return functools.partial(delattr, patch.owner, patch.attribute)
    value = patch.replacement(getattr(patch.owner, patch.attribute))
    is_own = patch.attribute in vars(patch.owner)
    # getattr would return the function inside a static method.
    before = inspect.getattr_static(patch.owner, patch.attribute)
    setattr(patch.owner, patch.attribute, staticmethod(value) if isinstance(before, staticmethod) else value)
    if is_own:
        return functools.partial(setattr, patch.owner, patch.attribute, before)
    return functools.partial(delattr, patch.owner, patch.attribute)
