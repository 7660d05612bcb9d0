"""Reminders of stories that wait long: one per wait."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from handlers.aws import TransientError, client
from handlers.stories import stories
from handlers.story import Callback, Waiting
from handlers.sweeper import sweep as sweep_module
from handlers.sweeper.reminders import Message, Reminder, Reminders, message
from handlers.sweeper.sweep import SweepError, handler
from handlers.sweeper.topic import topic
from handlers.timestamps import timestamp
from tests.unit.handlers.conftest import INDEX, Context, event, get_item, put_item, put_waiting
from tests.unit.handlers.fake_workflow import FakeWorkflow

pytestmark = pytest.mark.usefixtures("cloud")

SINCE = datetime(2025, 6, 3, 4, 20, 5, tzinfo=UTC)
"""The begin of the waits that `put_waiting` writes."""

TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:reminders"

AFTER, TIMEOUT = timedelta(minutes=10), timedelta(hours=1)
LATE = SINCE + timedelta(minutes=42, seconds=7)


class Inbox:
    """A queue subscribed to the topic of reminders."""

    def __init__(self) -> None:
        self._sqs: Any = boto3.client("sqs")
        self._url = self._sqs.create_queue(QueueName="inbox")["QueueUrl"]
        client("sns").subscribe(
            TopicArn=TOPIC_ARN,
            Protocol="sqs",
            Endpoint="arn:aws:sqs:us-east-1:123456789012:inbox",
        )

    def messages(self) -> list[dict[str, Any]]:
        """Return the messages since the last call."""
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        return [json.loads(each["Body"]) for each in answer.get("Messages", [])]


class Broken:
    """A topic that is unreachable."""

    def publish(self, message: Message) -> None:
        raise TransientError(message.subject)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def workflow(monkeypatch: pytest.MonkeyPatch) -> FakeWorkflow:
    """Report every execution as running."""
    fake = FakeWorkflow()
    monkeypatch.setattr(sweep_module, "executions", lambda: fake)
    return fake


def reminders(now: datetime = LATE, publisher: Any = None) -> Reminders:
    return Reminders(
        stories=stories(),
        to=(lambda _arn: publisher) if publisher else topic,
        now=now,
        reminders=[Reminder(topic_arn=TOPIC_ARN, after=AFTER)],
        callback_timeout=TIMEOUT,
    )


def only_wait() -> Waiting:
    [wait] = stories().waiting(INDEX)
    return wait


def remind(now: datetime = LATE, publisher: Any = None) -> int:
    """Run the reminders of a sweep at that time."""
    return reminders(now, publisher).remind(only_wait())


def words(story: str = "PROJ-1", age: timedelta = AFTER, **item: str) -> Message:
    """Return the reminder of a wait of that age."""
    put_waiting(story, **item)
    found = stories().read(story, "run-1")
    assert found
    return message(found, now=SINCE + age, began=SINCE, ends=SINCE + timedelta(days=2))


def test_the_sweeper_reminds_of_a_wait_once(
    workflow: FakeWorkflow, inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    began = timestamp(datetime.now(UTC) - timedelta(minutes=11))
    put_waiting(waitingSince=began)
    put_waiting("PROJ-2", "run-2", waitingSince=timestamp(datetime.now(UTC)))
    assert handler(event("scheduled"), Context())["reminded"] == 1
    [told] = inbox.messages()
    assert told["Subject"] == "PROJ-1 keeps a workflow waiting"
    assert handler(event("scheduled"), Context())["reminded"] == 0
    assert inbox.messages() == []
    assert get_item()["remindedAt"] > began
    assert "remindedAt" not in get_item("PROJ-2", "run-2")
    assert workflow.resumed == []
    published = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["RemindersSent"] for line in published if "_aws" in line] == [[1.0], [0.0]]


def test_reminder_names_subject_age_timeout_and_commands(inbox: Inbox) -> None:
    put_waiting()
    assert remind()
    [told] = inbox.messages()
    text = told["Message"]
    for part in (
        "waiting for a decision on PROJ-1 for 42 min.",
        "arn:aws:states:us-east-1:123456789012:execution:release:run-1",
        "2025-06-03T04:20:05.000Z",
        "2025-06-03T05:20:05.000Z",
        "docs/runbooks/story-waits.md",
    ):
        assert part in text
    assert "token" not in text
    assert {name: value["Value"] for name, value in told["MessageAttributes"].items()} == {
        "jiraStoryId": "PROJ-1",
        "executionArn": "arn:aws:states:us-east-1:123456789012:execution:release:run-1",
    }


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=9), "for 9 s."),
        (timedelta(minutes=59, seconds=59), "for 59 min."),
        (timedelta(days=1, hours=2, minutes=3), "for 26 h 3 min."),
    ],
)
def test_durations_are_readable(age: timedelta, said: str) -> None:
    assert said in words(age=age).text


@pytest.mark.parametrize(
    ("age", "is_told"),
    [
        (AFTER - timedelta(milliseconds=1), False),
        (AFTER, True),
        (TIMEOUT - timedelta(milliseconds=1), True),
        (TIMEOUT, False),
    ],
)
def test_reminder_is_sent_between_its_time_and_the_timeout(inbox: Inbox, age: timedelta, is_told: bool) -> None:
    put_waiting()
    assert remind(SINCE + age) == is_told
    assert len(inbox.messages()) == is_told


def test_concurrent_sweeps_send_one_reminder(inbox: Inbox) -> None:
    put_waiting()
    seen_by_both = only_wait()
    first, second = (reminders().remind(seen_by_both) for _ in range(2))
    assert (first, second) == (1, 0)
    assert len(inbox.messages()) == 1


def test_recorded_reminder_is_not_written_again(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    put_waiting()
    assert remind()
    monkeypatch.setattr("handlers.stories.Stories.mark_reminded", lambda *_: pytest.fail("tried to write"))
    assert not remind(LATE + timedelta(minutes=5))
    assert len(inbox.messages()) == 1


@pytest.mark.parametrize("change", ["called back", "over", "waits again"])
def test_change_since_the_index_was_read_prevents_the_reminder(inbox: Inbox, change: str) -> None:
    put_waiting()
    seen = only_wait()
    if change == "called back":
        story = stories().read("PROJ-1", "run-1")
        assert story
        said = Callback(jira_story_id="PROJ-1", status="success", message="Go", completed_at=timestamp(LATE))
        stories().put_callback(story, said, "id-1")
    elif change == "over":
        stories().mark_ended("PROJ-1", "run-1", reason="x", at=timestamp(LATE), began_by=timestamp(LATE))
    else:
        put_waiting(waitingSince=timestamp(LATE))
    assert not reminders().remind(seen)
    assert inbox.messages() == []


def test_deleted_item_is_not_created_again(inbox: Inbox) -> None:
    put_item("PROJ-2")
    gone = Waiting(
        story_id="PROJ-1",
        execution_name="run-1",
        execution_arn="arn",
        waiting_since=timestamp(SINCE),
        has_callback=False,
    )
    assert not reminders().remind(gone)
    assert stories().of("PROJ-1") == []
    assert inbox.messages() == []


def test_redriven_execution_gets_a_new_reminder(inbox: Inbox) -> None:
    put_waiting()
    assert remind()
    again = LATE + timedelta(minutes=1)
    put_waiting(waitingSince=timestamp(again), remindedAt=get_item()["remindedAt"])
    assert not remind(again + AFTER - timedelta(seconds=1))
    assert remind(again + AFTER)
    assert len(inbox.messages()) == 2


def test_failed_reminder_is_sent_by_the_next_sweep(inbox: Inbox) -> None:
    put_waiting()
    with pytest.raises(TransientError):
        remind(publisher=Broken())
    assert "remindedAt" not in get_item()
    assert remind()
    assert len(inbox.messages()) == 1


def test_unreachable_topic_fails_the_sweep_after_all_waits(
    workflow: FakeWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    recent = timestamp(datetime.now(UTC) - timedelta(minutes=11))
    put_waiting(waitingSince=recent)
    put_waiting("PROJ-2", "run-2", waitingSince=recent)
    workflow.tokens = {"token-run-2"}
    story = stories().read("PROJ-2", "run-2")
    assert story
    said = Callback(jira_story_id="PROJ-2", status="success", message="Go", completed_at=recent)
    stories().put_callback(story, said, "id-1")
    monkeypatch.setattr(sweep_module, "topic", lambda _arn: Broken())
    with pytest.raises(SweepError, match="1 of 2 waits could not be swept: run-1"):
        handler(event("scheduled"), Context())
    assert [token for token, _ in workflow.resumed] == ["token-run-2"]
