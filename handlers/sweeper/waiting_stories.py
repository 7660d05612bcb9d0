"""One sweep: resumes waits that have a callback, ends those that are over, and sends reminders."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from handlers.decisions.resume import Outcome, Resumption
from handlers.decisions.stores import StoryStore
from handlers.story import Waiting
from handlers.timed_batch import work_through

OVERDUE_MARGIN = timedelta(minutes=5)
"""Time after its timeout when the sweeper checks a wait: the workflow itself ends it first, if it can."""


class WaitingStore(StoryStore, Protocol):
    """The stories, and the index of those that wait."""

    def waiting(self, index: str) -> Iterator[Waiting]: ...


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """The result of a sweep.

    Attributes:
        waiting: the number of waits.
        oldest_seconds: the age of the oldest one; 0 without waits.
        resumed: the executions that it resumed.
        reminded: the stories for which it sent reminders.
        failed: the waits that it could not process, with the error.
        left: the number of waits that it did not reach in time; the next sweep begins with the oldest again.
    """

    waiting: int
    oldest_seconds: float
    resumed: list[str] = field(default_factory=list)
    reminded: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    left: int = 0


def sweep(
    stories: WaitingStore,
    resumption: Resumption,
    *,
    index: str,
    now: datetime,
    callback_timeout: timedelta,
    remind: Callable[[Waiting], int],
    is_time_over: Callable[[], bool],
) -> Sweep:
    """Process every wait once; the failure of one does not stop the others.

    `remind` gets each unanswered wait, and returns how many reminders it sent.
    """
    waits = list(stories.waiting(index))
    ages = [now - datetime.fromisoformat(wait.waiting_since) for wait in waits]
    reminded: list[str] = []
    unavailable: dict[str, str] = {}

    def resume(entry: tuple[Waiting, timedelta]) -> bool:
        wait, age = entry
        if wait.has_callback:
            outcome = _deliver(stories, resumption, wait)
            if outcome is Outcome.UNAVAILABLE:
                unavailable[wait.execution_name] = "its token is used up, and it still runs"
            return outcome is Outcome.RESUMED
        if age > callback_timeout + OVERDUE_MARGIN:
            _end_if_over(stories, resumption, wait)
        else:
            reminded.extend([wait.story_id] * remind(wait))
        return False

    batch = work_through(
        zip(waits, ages, strict=True),
        resume,
        name=lambda entry: entry[0].execution_name,
        is_time_over=is_time_over,
    )
    return Sweep(
        waiting=len(waits),
        oldest_seconds=max(max(ages, default=timedelta(0)).total_seconds(), 0),
        resumed=batch.done,
        reminded=reminded,
        failed={**batch.failed, **unavailable},
        left=len(waits) - batch.tried,
    )


def _deliver(stories: StoryStore, resumption: Resumption, wait: Waiting) -> Outcome:
    # The index may lag: the item shows whether the callback still has to be sent.
    story = stories.read(wait.story_id, wait.execution_name)
    return resumption.deliver(story).outcome if story and story.callback else Outcome.NOT_FOUND


def _end_if_over(stories: StoryStore, resumption: Resumption, wait: Waiting) -> None:
    execution = resumption.workflow.describe(wait.execution_arn)
    if execution.is_over:
        stories.mark_ended(
            wait.story_id,
            wait.execution_name,
            reason=execution.error or execution.status,
            at=resumption.at,
            began_by=wait.waiting_since,
        )
