"""The conditional writes of the stories table."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from handlers.aws import TransientError, client
from handlers.stories import MOVE_RETENTION_SECONDS, Stories
from handlers.story import Callback, Story
from handlers.timestamps import timestamp
from tests.unit.handlers.conftest import INDEX, TABLE, get_item, put_item, put_waiting

CALLBACK = Callback(jira_story_id="PROJ-1", status="success", message="Go", completed_at="2025-06-03T04:21:00.000Z")
LATER = "2025-06-03T04:22:00.000Z"


@pytest.fixture
def store(cloud: None) -> Stories:  # noqa: ARG001 - the table is in it
    return Stories(client("dynamodb"), TABLE)


def only(store: Stories) -> Story:
    [story] = store.of("PROJ-1")
    return story


def test_the_first_callback_wins(store: Stories) -> None:
    put_waiting()
    story = only(store)
    first = store.put_callback(story, CALLBACK, "id-1")
    second = store.put_callback(story, Callback(**{**vars(CALLBACK), "message": "No"}), "id-2")
    assert first
    assert second
    assert first.callback == second.callback == CALLBACK
    assert first.task_token == second.task_token == "token-run-1"
    assert get_item()["callbackId"] == "id-1"
    assert get_item()["callback"]["status"] == {"S": "success"}


def test_moved_story_is_found_by_each_of_its_keys(store: Stories) -> None:
    put_waiting("PROJ-1", "run-1")
    put_waiting("NEXT-2", "run-2")
    for now, before in (("NEXT-2", "PROJ-1"), ("LAST-3", "NEXT-2"), ("PROJ-1", "LAST-3")):
        store.put_former_key(now, before, at=LATER)
        store.put_former_key(now, before, at=LATER)
    for key in ("PROJ-1", "NEXT-2", "LAST-3"):
        assert {story.execution_name for story in store.of(key)} == {"run-1", "run-2"}
    assert [story.story_id for story in store.of("NEXT-2")] == ["NEXT-2", "PROJ-1"]
    assert {wait.execution_name for wait in store.waiting(INDEX)} == {"run-1", "run-2"}
    expires = int(get_item("LAST-3", "#former-keys")["expiresAt"])
    assert expires == datetime.fromisoformat(LATER).timestamp() + MOVE_RETENTION_SECONDS


def test_no_callback_is_written_on_a_wait_that_is_over(store: Stories) -> None:
    put_waiting()
    story = only(store)
    store.mark_ended("PROJ-1", "run-1", reason="States.Timeout", at=LATER, began_by=LATER)
    now = store.put_callback(story, CALLBACK, "id-1")
    assert now
    assert (now.callback, now.end_reason, now.task_token) == (None, "States.Timeout", None)
    assert list(store.waiting(INDEX)) == []


def test_deleted_item_is_not_created_again(store: Stories) -> None:
    put_waiting()
    story = only(store)
    client("dynamodb").delete_item(
        TableName=TABLE, Key={"jiraStoryId": {"S": "PROJ-1"}, "executionName": {"S": "run-1"}}
    )
    assert store.put_callback(story, CALLBACK, "id-1") is None
    store.mark_resumed(story, LATER)
    store.mark_ended("PROJ-1", "run-1", reason="x", at=LATER, began_by=LATER)
    assert store.of("PROJ-1") == []
    assert store.read("PROJ-1", "run-1") is None


def test_resumed_item_leaves_the_index_and_keeps_its_first_time(store: Stories) -> None:
    put_waiting()
    story = only(store)
    store.mark_resumed(story, CALLBACK.completed_at)
    store.mark_resumed(story, LATER)
    item = get_item()
    assert item["resumedAt"] == CALLBACK.completed_at
    assert "taskToken" not in item
    assert "waiting" not in item


def test_wait_that_began_after_the_end_is_kept(store: Stories) -> None:
    put_waiting()
    store.mark_ended("PROJ-1", "run-1", reason="x", at=LATER, began_by="2025-06-03T04:20:04.999Z")
    assert "endedAt" not in get_item()
    assert get_item()["taskToken"] == "token-run-1"


def test_only_its_own_reminder_is_reverted(store: Stories) -> None:
    put_waiting(remindedAt=LATER)
    (wait,) = store.waiting(INDEX)
    store.unmark_reminded(wait, CALLBACK.completed_at, None)
    assert get_item()["remindedAt"] == LATER
    store.unmark_reminded(wait, LATER, None)
    assert "remindedAt" not in get_item()


def test_all_pages_are_read(store: Stories) -> None:
    for number in range(30):
        # 30 items of 60 KB are more than the 1 MB that one page of a query holds.
        put_item(execution=f"run-{number}", note="x" * 60_000)
        put_waiting(
            story=f"WAIT-{number + 1}", execution=f"run-{number}", waitingSince=f"2025-06-03T04:{number:02}:00Z"
        )
    assert len(store.of("PROJ-1")) == 30
    waiting = list(store.waiting(INDEX))
    assert [each.story_id for each in waiting] == [f"WAIT-{number + 1}" for number in range(30)]
    assert not any(each.has_callback for each in waiting)


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "Query"), True),
        (ClientError({"Error": {"Code": "Odd"}, "ResponseMetadata": {"HTTPStatusCode": 503}}, "Query"), True),  # type: ignore[typeddict-item]  # the part that is read
        (EndpointConnectionError(endpoint_url="https://x"), True),
        (ReadTimeoutError(endpoint_url="https://x"), True),
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "Query"), False),
    ],
)
def test_transient_and_lasting_failures_are_distinguished(error: Exception, passes: bool) -> None:
    class Broken:
        def get_item(self, **_: Any) -> None:
            raise error

    with pytest.raises(TransientError if passes else type(error)):
        Stories(Broken(), TABLE).read("PROJ-1", "run-1")


def test_times_sort_as_text() -> None:
    moment = datetime(2025, 1, 31, 12, 0, 0, 5, UTC)
    assert timestamp(moment) == "2025-01-31T12:00:00.000Z"


def test_repr_of_a_story_has_no_token() -> None:
    assert "the-token" not in repr(Story(story_id="A", execution_name="B", execution_arn="C", task_token="the-token"))
