"""Links to the approval page: only links signed for this wait are valid."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers import links
from handlers.links import Link
from handlers.story import Approval, Story

KEY = b"link-key-1"
NOW = datetime(2025, 6, 3, 4, 30, tzinfo=UTC)
STORY = Story(
    story_id="expense-42",
    execution_name="run-1",
    execution_arn="arn:run-1",
    registered_at="2025-06-03T04:20:00.000Z",
    task_token="the-task-token",
    waiting_since="2025-06-03T04:20:05.000Z",
)
ANN, BOB = "ann@example.com", "bob@example.com"


def accepts(matches: Callable[[bytes], bool]) -> bool:
    return matches(KEY)


def token(link: Link, key: bytes = KEY) -> str:
    return links.url("https://api.example.com/callback", link, key).rpartition("/")[2]


def shared() -> Link:
    [link] = links.links_to(STORY, NOW)
    return link


def test_a_link_is_read_as_it_was_made() -> None:
    link = shared()
    assert links.read(token(link), accepts) == link
    assert (link.subject, link.execution_name, link.approver) == ("expense-42", "run-1", None)
    assert links.url("https://api.example.com/callback", link, KEY).startswith(
        "https://api.example.com/callback/holds/"
    )


def test_each_approver_who_has_not_approved_gets_a_link() -> None:
    story = replace(
        STORY, approvers=frozenset({BOB, ANN, "cy@example.com"}), approvals={ANN: Approval(at="", comment="")}
    )
    assert [link.approver for link in links.links_to(story, NOW)] == [BOB, "cy@example.com"]


def test_no_part_of_a_link_can_be_changed() -> None:
    good = token(shared())
    assert links.read(good, accepts)
    changed = [good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :] for at in range(len(good))]
    changed += [good + "A", "A" + good, good[:-1], f"{good}=", good.replace(".", ".."), f"{good}.", f"{good}\n"]
    assert [each for each in changed if links.read(each, accepts)] == []


@pytest.mark.parametrize("sent", ["", ".", "a.b", "é.é", "\ud800.\ud800", "e30.", "." * 3000, "A" * 100_000])
def test_unsigned_token_is_refused(sent: str) -> None:
    assert links.read(sent, accepts) is None


def test_another_key_is_refused_and_so_is_a_signature_for_another_purpose() -> None:
    good = token(shared())
    assert links.read(token(shared(), b"link-key-0"), accepts) is None
    content = good.partition(".")[0]
    plain = base64.urlsafe_b64encode(hmac.new(KEY, content.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    assert links.read(f"{content}.{plain}", accepts) is None


@pytest.mark.parametrize(
    "other",
    [{"execution_arn": "arn:run-2"}, {"waiting_since": "2025-06-03T05:00:00.000Z"}, {"registered_at": "2025-06-04"}],
    ids=["another execution", "a redriven one", "registered again"],
)
def test_every_wait_has_its_own_id(other: dict[str, str]) -> None:
    assert links.wait_id(replace(STORY, **other)) != links.wait_id(STORY)  # type: ignore[arg-type]  # all of them texts


def test_a_link_holds_no_task_token() -> None:
    content = token(shared()).partition(".")[0]
    assert b"task" not in base64.urlsafe_b64decode(content + "==")


def test_the_longest_link_can_be_read() -> None:
    story = replace(
        STORY, story_id="s" * 255, execution_name="e" * 80, approvers=frozenset({"a" * 308 + "@example.com"})
    )
    [link] = links.links_to(story, NOW)
    assert links.read(token(link), accepts) == link
