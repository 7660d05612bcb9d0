"""Several reminders of a wait: each is sent once, to its topic, before the end of the wait."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from handlers.aws import TransientError
from handlers.stories import stories
from handlers.sweeper.reminders import MAX_SUBJECT_CHARACTERS, Message, Reminder, Reminders, configured
from handlers.timestamps import timestamp
from tests.unit.handlers.conftest import get_item, put_waiting
from tests.unit.handlers.test_reminders import SINCE, TIMEOUT, only_wait, words

pytestmark = pytest.mark.usefixtures("cloud")

MINUTE = timedelta(minutes=1)
TEAM, LEAD, ALL = "team", "lead", "all"
THREE = [
    Reminder(topic_arn=ALL, before=10 * MINUTE),
    Reminder(topic_arn=TEAM, after=10 * MINUTE),
    Reminder(topic_arn=LEAD, after=30 * MINUTE),
]


@dataclass
class Topics:
    """Keep the messages published to each topic; `broken` topics are unreachable."""

    sent: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def to(self, arn: str) -> "Topic":
        """Return a topic."""
        return Topic(self, arn)


@dataclass
class Topic:
    """One of the topics."""

    topics: Topics
    arn: str

    def publish(self, message: Message) -> None:
        """Publish, or fail."""
        if self.arn in self.topics.broken:
            raise TransientError(message.subject)
        self.topics.sent.append(self.arn)


def _sweep(topics: Topics, minutes: float, reminders: list[Reminder] = THREE) -> int:
    """Send the reminders that are due this many minutes after the wait began."""
    return Reminders(
        stories=stories(),
        to=topics.to,
        now=SINCE + minutes * MINUTE,
        reminders=reminders,
        callback_timeout=TIMEOUT,
    ).remind(only_wait())


def test_each_reminder_is_sent_once_when_it_is_due() -> None:
    put_waiting()
    topics = Topics()
    counts = [_sweep(topics, minutes) for minutes in (9, 10, 15, 29, 31, 31, 49, 51, 59, 60)]
    assert counts == [0, 1, 0, 0, 1, 0, 0, 1, 0, 0]
    assert topics.sent == [TEAM, LEAD, ALL]


def test_reminders_that_a_pause_of_the_sweeper_delayed_are_sent_in_order() -> None:
    put_waiting()
    topics = Topics()
    assert (_sweep(topics, 55), topics.sent) == (3, [TEAM, LEAD, ALL])
    assert _sweep(topics, 56) == 0


def test_two_reminders_due_at_the_same_time_are_both_sent() -> None:
    put_waiting()
    topics = Topics()
    same = [Reminder(topic_arn=name, after=10 * MINUTE) for name in (TEAM, LEAD)]
    assert [_sweep(topics, minutes, same) for minutes in (11, 12)] == [2, 0]
    assert topics.sent == [TEAM, LEAD]


def test_the_last_reminder_comes_before_the_end_of_its_own_wait() -> None:
    put_waiting(endsAt=timestamp(SINCE + 20 * MINUTE))
    topics = Topics()
    last = THREE[:1]
    assert [_sweep(topics, minutes, last) for minutes in (9, 11, 12, 20)] == [0, 1, 0, 0]


def test_a_wait_shorter_than_the_time_before_its_end_has_no_such_reminder() -> None:
    put_waiting(endsAt=timestamp(SINCE + 5 * MINUTE))
    assert _sweep(Topics(), 1, THREE[:1]) == 0


def test_failed_reminder_does_not_stop_the_others_and_restores_the_mark() -> None:
    put_waiting()
    topics = Topics(broken={LEAD})
    assert _sweep(topics, 11) == 1
    before = get_item()["remindedAt"]
    with pytest.raises(TransientError):
        _sweep(topics, 31)
    assert get_item()["remindedAt"] == before
    topics.broken.clear()
    assert _sweep(topics, 32) == 1
    topics.broken = {LEAD}
    assert _sweep(topics, 52) == 1
    assert topics.sent == [TEAM, LEAD, ALL]


def test_later_reminder_takes_the_place_of_one_that_could_not_be_sent() -> None:
    put_waiting()
    topics = Topics(broken={TEAM})
    with pytest.raises(TransientError):
        _sweep(topics, 31)
    assert topics.sent == [LEAD]
    topics.broken.clear()
    assert (_sweep(topics, 32), topics.sent) == (0, [LEAD])


def test_wait_without_a_due_reminder_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    put_waiting()
    assert _sweep(Topics(), 31, THREE[1:]) == 2
    monkeypatch.setattr("handlers.stories.Stories.read", lambda *_: pytest.fail("read"))
    assert _sweep(Topics(), 5, THREE[1:]) == _sweep(Topics(), 40, THREE[1:]) == _sweep(Topics(), 5, []) == 0


def test_configuration_names_time_and_topic() -> None:
    text = '[{"after": 600, "before": null, "topic": "team"}, {"after": null, "before": 60, "topic": "all"}]'
    assert configured(text) == [THREE[1], Reminder(topic_arn=ALL, before=MINUTE)]


def test_reminder_shows_title_and_details_on_a_line_each() -> None:
    lines = words(title="Pay 700", details="For\nbooks").text.splitlines()
    assert {"Title:     Pay 700", "Details:   For books"} < set(lines)


def test_email_subject_fits_the_limit_of_sns() -> None:
    assert len(words("P" * 250 + "-1").subject) == MAX_SUBJECT_CHARACTERS
