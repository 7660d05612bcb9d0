"""Reminds people, once, of a story that waits long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from handlers.story import Waiting
from handlers.timestamps import timestamp

RUNBOOK = "docs/runbooks/story-waits.md"

MAX_SUBJECT_CHARACTERS = 99
"""https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message to publish: a subject and a text for people, attributes to filter by for programs."""

    subject: str
    text: str
    attributes: Mapping[str, str]


class ReminderStore(Protocol):
    """The part of `handlers.stories.Stories` that is used here."""

    def mark_reminded(self, wait: Waiting, at: str) -> bool: ...
    def unmark_reminded(self, wait: Waiting, at: str) -> None: ...


class Publisher(Protocol):
    """Tells people."""

    def publish(self, message: Message) -> None: ...


class Links(Protocol):
    """Makes links to the approval page, as `handlers.sweeper.links.LinkMaker` does."""

    def of(self, wait: Waiting) -> Mapping[str | None, str]: ...


@dataclass(frozen=True, kw_only=True)
class Reminders:
    """The reminders of one sweep, for waits older than `after` that are not past `callback_timeout`.

    `links` are in the reminders, where there are any. Of a hold with approvers, each gets a message of their own by
    `approvers`, and no other message carries their links.
    """

    stories: ReminderStore
    publisher: Publisher
    now: datetime
    after: timedelta
    callback_timeout: timedelta
    links: Links | None = None
    approvers: Publisher | None = None

    def remind(self, wait: Waiting, age: timedelta) -> bool:
        """Send the reminder where it is due and not sent yet; tells whether it did.

        The mark comes first, under a condition, so that of two sweeps at the same time one sends. Where sending fails,
        the mark is taken back and the next sweep tries again. A crash between the two loses the reminder: the alarm on
        the oldest story remains.

        Raises:
            Exception: what AWS answered.
        """
        began = wait.waiting_since
        if not self.after <= age < self.callback_timeout or (wait.reminded_at or "") > began:
            return False
        at = timestamp(self.now)
        if not self.stories.mark_reminded(wait, at):
            return False
        try:
            self._publish(wait, age, datetime.fromisoformat(began) + self.callback_timeout)
        except Exception:
            self.stories.unmark_reminded(wait, at)
            raise
        return True

    def _publish(self, wait: Waiting, age: timedelta, ends: datetime) -> None:
        links = self.links.of(wait) if self.links else {}
        self.publisher.publish(message(wait, age=age, ends=ends, link=links.get(None)))
        for approver, link in links.items():
            if approver and self.approvers:
                self.approvers.publish(message(wait, age=age, ends=ends, link=link, approver=approver))


def message(
    wait: Waiting, *, age: timedelta, ends: datetime, link: str | None = None, approver: str | None = None
) -> Message:
    """Word the reminder of a wait of that age, which is over at `ends` if nobody decides.

    Args:
        wait: what waits.
        age: since when.
        ends: the end of the wait.
        link: the link to the approval page; None without one.
        approver: for whom the link was made; None for everybody.
    """
    text = "\n".join(
        [
            f"A workflow has been waiting for a decision on {wait.story_id} for {_lasting(age)}.",
            "It continues as soon as somebody decides. Without a decision in time, the wait fails.",
            "",
            f"Story:     {wait.story_id}",
            f"Execution: {wait.execution_arn}",
            f"Since:     {wait.waiting_since}",
            f"Ends:      {timestamp(ends)}",
            f"What to do: {RUNBOOK}",
            *(["", f"Decide here: {link}"] if link else []),
            *([f"The link is made for {approver}: it decides in this name. Do not forward it."] if approver else []),
        ]
    )
    return Message(
        subject=f"{wait.story_id} keeps a release waiting"[:MAX_SUBJECT_CHARACTERS],
        text=text,
        attributes={
            "jiraStoryId": wait.story_id,
            "executionArn": wait.execution_arn,
            **({"approver": approver} if approver else {}),
        },
    )


def _lasting(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
