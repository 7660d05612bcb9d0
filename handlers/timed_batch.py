"""Work through items until the time is over; the failure of one does not stop the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The result of one pass over the items, each by its name.

    Attributes:
        done: for which there was something to do, and it was done.
        failed: the errors of the others.
        tried: how many items had their turn.
        stopped_at: the first item that had no turn because the time was over; None if all had one.
    """

    done: list[str]
    failed: dict[str, str]
    tried: int
    stopped_at: str | None

    @property
    def is_complete(self) -> bool:
        """Return whether every item was tried."""
        return self.stopped_at is None


def error_type(error: Exception) -> str:
    """Name an error without its message, which may repeat a secret that AWS was sent."""
    return type(error).__name__


def work_through(
    items: Iterable[Item],
    work: Callable[[Item], bool],
    *,
    name: Callable[[Item], str],
    is_time_over: Callable[[], bool],
    describe: Callable[[Exception], str] = error_type,
) -> Batch:
    """Work on one item after the other.

    Args:
        items: read lazily, so that what is not reached is not loaded.
        work: returns whether there was something to do.
        name: names an item in the result.
        is_time_over: asked before each item; once it is true, the rest is left to the next run.
        describe: words an error for the result.
    """
    done: list[str] = []
    failed: dict[str, str] = {}
    tried = 0
    for item in items:
        if is_time_over():
            return Batch(done=done, failed=failed, tried=tried, stopped_at=name(item))
        tried += 1
        try:
            if work(item):
                done.append(name(item))
        except Exception as error:
            failed[name(item)] = describe(error)
    return Batch(done=done, failed=failed, tried=tried, stopped_at=None)
