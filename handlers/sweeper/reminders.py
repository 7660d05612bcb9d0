"""Reminders of a wait, each sent once."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from handlers.story import Story, Waiting
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

    def read(self, story_id: str, execution_name: str) -> Story | None: ...
    def mark_reminded(self, wait: Waiting, due: str) -> bool: ...
    def unmark_reminded(self, wait: Waiting, due: str, before: str | None) -> None: ...


class Publisher(Protocol):
    """Publishes messages to people."""

    def publish(self, message: Message) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A reminder, due a given time after a wait begins or before it ends, and its topic."""

    topic_arn: str
    after: timedelta | None = None
    before: timedelta = timedelta(0)

    def due(self, began: datetime, ends: datetime) -> datetime:
        """Return the time from which it is due."""
        return began + self.after if self.after is not None else ends - self.before


def configured(text: str) -> list[Reminder]:
    """Read the reminders of a stack, a JSON list of objects with `after` or `before` in seconds, and `topic`."""
    return [
        Reminder(topic_arn=each["topic"], after=timedelta(seconds=each["after"]))
        if each["after"] is not None
        else Reminder(topic_arn=each["topic"], before=timedelta(seconds=each["before"]))
        for each in json.loads(text)
    ]


class Links(Protocol):
    """Makes links to the approval page, as `handlers.sweeper.links.LinkMaker` does."""

    def of(self, wait: Waiting) -> Mapping[str | None, str]: ...


@dataclass(frozen=True, kw_only=True)
class Reminders:
    """The reminders that one sweep sends. `callback_timeout` is the longest time that a workflow waits.

    `to` returns the topic with an ARN. `links` makes the links in the reminders, if there are any. If a hold has
    approvers, each gets a separate message through `approvers`, and no other message carries their links.
    """

    stories: ReminderStore
    to: Callable[[str], Publisher]
    now: datetime
    reminders: Sequence[Reminder]
    callback_timeout: timedelta
    links: Links | None = None
    approvers: Publisher | None = None

    def remind(self, wait: Waiting) -> int:
        """Send every reminder that is due and not sent yet; return their number.

        The conditional write of the mark comes first, so only one of two concurrent sweeps sends. The mark is the time
        at which the reminder was due, so each reminder is sent once. If sending fails, the mark is removed and the
        next sweep retries, unless a later reminder takes its place. A crash between the two loses the reminder: the
        alarm on the oldest story remains.

        Raises:
            Exception: the first error from AWS, after all others were tried.
        """
        if not self._may_be_due(wait):
            return 0
        # The item has the wait's own end, which may be earlier than the longest wait allows; the index does not.
        story = self.stories.read(wait.story_id, wait.execution_name)
        if story is None or story.callback or story.waiting_since != wait.waiting_since:
            return 0
        began = datetime.fromisoformat(wait.waiting_since)
        ends = datetime.fromisoformat(story.ends_at) if story.ends_at else began + self.callback_timeout
        if self.now >= ends:
            return 0
        sent, before, failures = 0, wait.reminded_at, list[Exception]()
        for due, reminder in self._due(began, ends):
            if (before or "") >= due or not self.stories.mark_reminded(wait, due):
                continue
            try:
                self._publish(reminder, wait, story, began, ends)
            except Exception as error:
                self.stories.unmark_reminded(wait, due, before)
                failures.append(error)
            else:
                sent, before = sent + 1, due
        if failures:
            raise failures[0]
        return sent

    def _due(self, began: datetime, ends: datetime) -> list[tuple[str, Reminder]]:
        """Return the reminders that are due now with their due times, first to last.

        A wait that is shorter than the time before its end has no such reminder.
        """
        found = [(due, each) for each in self.reminders if began < (due := each.due(began, ends)) <= self.now]
        found.sort(key=lambda entry: entry[0])
        return [(timestamp(due + n * timedelta(milliseconds=1)), each) for n, (due, each) in enumerate(found)]

    def _may_be_due(self, wait: Waiting) -> bool:
        """Return whether a reminder of the wait may be due, so that its item has to be read."""
        began = datetime.fromisoformat(wait.waiting_since)
        dues = [each.due(began, began + self.callback_timeout) for each in self.reminders]
        is_possible = any(each.after is None for each in self.reminders) or min(dues, default=self.now) <= self.now
        return is_possible and (wait.reminded_at or "") < timestamp(max(dues, default=began))

    def _publish(self, reminder: Reminder, wait: Waiting, story: Story, began: datetime, ends: datetime) -> None:
        links = self.links.of(wait) if self.links else {}
        word = partial(message, story, now=self.now, began=began, ends=ends)
        self.to(reminder.topic_arn).publish(word(link=links.get(None)))
        for approver, link in links.items():
            if approver and self.approvers:
                self.approvers.publish(word(link=link, approver=approver))


def message(
    story: Story,
    *,
    now: datetime,
    began: datetime,
    ends: datetime,
    link: str | None = None,
    approver: str | None = None,
) -> Message:
    """Build the message of a reminder.

    Args:
        story: what waits.
        now: the time of the reminder.
        began: when the wait began.
        ends: the end of the wait, if nobody decides.
        link: the link to the approval page; None without one.
        approver: the address for which the link was made; None for everybody.
    """
    shown = {"Title": story.title, "Details": story.details}
    text = "\n".join(
        [
            f"A workflow has been waiting for a decision on {story.story_id} for {_lasting(now - began)}.",
            "It continues as soon as somebody decides. "
            f"Without a decision within {_lasting(ends - now)}, the wait fails.",
            "",
            f"Story:     {story.story_id}",
            *(f"{name + ':':<11}{' '.join(text.split())}" for name, text in shown.items() if text),
            f"Execution: {story.execution_arn}",
            f"Since:     {timestamp(began)}",
            f"Ends:      {timestamp(ends)}",
            f"What to do: {RUNBOOK}",
            *(["", f"Decide here: {link}"] if link else []),
            *([f"The link is made for {approver}: it decides in this name. Do not forward it."] if approver else []),
        ]
    )
    return Message(
        subject=f"{story.story_id} keeps a workflow waiting"[:MAX_SUBJECT_CHARACTERS],
        text=text,
        attributes={
            "jiraStoryId": story.story_id,
            "executionArn": story.execution_arn,
            **({"approver": approver} if approver else {}),
        },
    )


def _lasting(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
