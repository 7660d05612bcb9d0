"""A batch with a time limit, in which the failure of one item does not stop the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The result of one pass over the items, each by its name.

    Attributes:
        done: the items on which work was done.
        failed: the errors of the others.
        tried: the number of items that were tried.
        stopped_at: the first item that was not tried because the time was over; None if all were tried.
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
    """Work on the items one by one until the time is over.

    Args:
        items: read lazily, so that items which are not reached are not loaded.
        work: returns whether there was something to do.
        name: names an item in the result.
        is_time_over: asked before each item; once it is true, the rest is left to the next run.
        describe: describes an error for the result.
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
