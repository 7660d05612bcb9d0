"""`holds`: the decisions that workflows wait for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.aws import links, stories
from ops.aws.target import Target
from ops.command import Session
from ops.durations import human
from ops.program import PROGRAM
from ops.render.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console

    from handlers.story import Story

EXAMPLES = ("holds", "holds --limit 100 --json", "holds --links")


def holds(
    session: Session,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, longest wait first.")] = 50,
    with_links: Annotated[
        bool, typer.Option("--links", help="Show the links to the approval page. Anyone who has a link can decide.")
    ] = False,
) -> None:
    """List the waits for a decision: subject, title, begin, and the time left.

    Decide with `decide SUBJECT approve` or `decide SUBJECT reject`. For --links, the key is read from the stack's
    secret; a link is made for each approver, or one for everybody.
    """
    at, found = datetime.now(UTC), waiting(session.target, limit)
    key = links.key(session.target) if with_links else None
    made = None if key is None else [links.of(session.target, story, key, at) for story in found]
    holds = Holds(waiting=found, at=at, links=made, has_holds=stories.has_holds(session.target))
    session.terminal.show(holds.as_json(), holds.print)


def waiting(target: Target, limit: int) -> "list[Story]":
    """Read the items of the oldest waits. A wait that ends in the meantime is left out."""
    read = [stories.read(target, wait) for wait in stories.waiting(target)[:limit]]
    return [story for story in read if story and story.task_token and story.waiting_since]


@dataclass(frozen=True, kw_only=True)
class Holds:
    """The waits, oldest first; `links` has the links of each wait, by address.

    `has_holds` is false if the outputs of the stack name no table of holds.
    """

    waiting: "list[Story]"
    at: datetime
    links: list[dict[str, str]] | None = None
    has_holds: bool = True

    def as_json(self) -> list[dict[str, Any]]:
        """Return the JSON output. A task token is in no output."""
        made = self.links or []
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
                "approvers": sorted(story.approvers),
                "approvalsNeeded": story.approvals_needed,
                "approvedBy": sorted(story.approvals),
                **({"links": made[number]} if made else {}),
            }
            for number, story in enumerate(self.waiting)
        ]

    def print(self, console: "Console") -> None:
        """Print a table."""
        from rich.table import Table
        from rich.text import Text

        if not self.has_holds:
            console.print("This stack exports no hold. A program does so by components.export_for_ops: docs/library.md")
            return
        if not self.waiting:
            console.print("Nothing waits for a decision.")
            return
        columns = ("Subject", "Title", "Approvals", "Waited for", "Time left", "Execution")
        table = Table(*columns, box=None, pad_edge=False)
        for story in self.waiting:
            left = self._seconds_left(story)
            table.add_row(
                Text(printable(story.story_id), style="yellow"),
                Text(printable(story.title or "")),
                f"{len(story.approvals)} of {story.approvals_needed}",
                human(stories.age(story.waiting_since or "", self.at)),
                "decided" if story.callback else "unknown" if left is None else human(timedelta(seconds=left)),
                Text(story.execution_name),
            )
        console.print(table)
        for story, made in zip(self.waiting, self.links or [], strict=False):
            for address, url in made.items():
                # Not wrapped, so that a link can be copied whole.
                console.print(Text(f"\n{story.story_id} for {address}:\n{url}"), soft_wrap=True)
        with_approvers = [story for story in self.waiting if story.approvers]
        if len(with_approvers) < len(self.waiting):
            console.print(f"\nDecide: {PROGRAM} decide SUBJECT approve|reject --comment TEXT")
        if with_approvers and self.links is None:
            console.print(f"\nApprovers decide, each by a link of their own: {PROGRAM} holds --links")

    def _seconds_left(self, story: "Story") -> float | None:
        if story.ends_at is None:
            return None
        return max(0.0, round(-stories.age(story.ends_at, self.at).total_seconds(), 3))
