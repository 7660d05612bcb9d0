"""`holds`: the decisions that workflows wait for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.aws import stories
from ops.aws.target import Target
from ops.command import Session
from ops.durations import human
from ops.program import PROGRAM
from ops.render.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console

    from handlers.story import Story

EXAMPLES = ("holds", "holds --limit 100 --json")


def holds(
    session: Session,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, longest wait first.")] = 50,
) -> None:
    """List what waits for a decision: the subject, its title, since when, and the time left.

    Decide with `decide SUBJECT approve` or `decide SUBJECT reject`.
    """
    found = Holds(waiting=waiting(session.target, limit), at=datetime.now(UTC))
    session.terminal.show(found.as_json(), found.print)


def waiting(target: Target, limit: int) -> "list[Story]":
    """Read the items of the longest waits. A wait that ends meanwhile is left out."""
    read = [stories.read(target, wait) for wait in stories.waiting(target)[:limit]]
    return [story for story in read if story and story.task_token and story.waiting_since]


@dataclass(frozen=True, kw_only=True)
class Holds:
    """The waits, longest first, at a moment."""

    waiting: "list[Story]"
    at: datetime

    def as_json(self) -> list[dict[str, Any]]:
        """Return the JSON output. A task token is in no output."""
        return [
            {
                "subject": story.story_id,
                "title": story.title,
                "details": story.details,
                "execution": story.execution_name,
                "executionArn": story.execution_arn,
                "waitingSince": story.waiting_since,
                "ageSeconds": round(stories.age(story.waiting_since or "", self.at).total_seconds(), 3),
                "endsAt": story.ends_at,
                "secondsLeft": self._seconds_left(story),
                "isDecided": story.callback is not None,
            }
            for story in self.waiting
        ]

    def print(self, console: "Console") -> None:
        """Print a table."""
        from rich.table import Table
        from rich.text import Text

        if not self.waiting:
            console.print("Nothing waits for a decision.")
            return
        table = Table("Subject", "Title", "Waited for", "Time left", "Execution", box=None, pad_edge=False)
        for story in self.waiting:
            left = self._seconds_left(story)
            table.add_row(
                Text(printable(story.story_id), style="yellow"),
                Text(printable(story.title or "")),
                human(stories.age(story.waiting_since or "", self.at)),
                "decided" if story.callback else "unknown" if left is None else human(stories.seconds(left)),
                Text(story.execution_name),
            )
        console.print(table)
        console.print(f"\nDecide: {PROGRAM} decide SUBJECT approve|reject --comment TEXT")

    def _seconds_left(self, story: "Story") -> float | None:
        if story.ends_at is None:
            return None
        return max(0.0, round(-stories.age(story.ends_at, self.at).total_seconds(), 3))
