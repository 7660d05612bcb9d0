"""Signed links to the approval page of a hold.

A link names a wait and the approver for whom it was made. It holds no task token: the link identifies the item of
the wait, and the page reads the rest from the table.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.story import Story

PATH = "/holds/"
"""Path between the URL of the callback API and the token of a link."""

MAX_TOKEN_LENGTH = 2_048
"""More than the longest subject, execution name and address need."""

_PURPOSE = b"holdpoint approval link 1\n"
"""Signed before the token, so that no other signature with the same key is valid for a link."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """The content of a link.

    Attributes:
        subject, execution_name: the key of the wait's item.
        wait: `wait_id` of the item, so that a redriven execution needs a new link.
        approver: the address for which the link was made; None if everybody who has the link may decide.
        issued_at: when it was made, in seconds since 1970.
    """

    subject: str
    execution_name: str
    wait: str
    approver: str | None
    issued_at: int


def links_to(story: Story, now: datetime) -> list[Link]:
    """Return a link for each approver of a wait who has not approved, or one link for all if it names no approvers."""
    approvers: list[str | None] = [*sorted(story.approvers - story.approvals.keys())] if story.approvers else [None]
    return [
        Link(
            subject=story.story_id,
            execution_name=story.execution_name,
            wait=wait_id(story),
            approver=approver,
            issued_at=int(now.timestamp()),
        )
        for approver in approvers
    ]


def wait_id(story: Story) -> str:
    """Return an id of a wait that no other wait has, in any stack or in the same execution."""
    known = json.dumps([story.execution_arn, story.registered_at, story.waiting_since])
    return hashlib.sha256(known.encode()).hexdigest()[:32]


def url(endpoint: str, link: Link, key: bytes) -> str:
    """Return the link as a URL below the callback API's."""
    fields = [link.subject, link.execution_name, link.wait, link.approver, link.issued_at]
    content = _encoded(json.dumps(fields, separators=(",", ":")).encode())
    return f"{endpoint}{PATH}{content}.{_signature(content, key)}"


def read(token: str, accepts: Callable[[Callable[[bytes], bool]], bool]) -> Link | None:
    """Return the content of a token; None if its signature is wrong.

    Args:
        token: from the URL, as it was sent.
        accepts: returns whether a predicate holds for one of the keys. Keys are compared in constant time.
    """
    content, _, signature = token.partition(".")
    sent = signature.encode(errors="replace")
    if len(token) > MAX_TOKEN_LENGTH or not content.isascii():
        return None
    if not accepts(lambda key: hmac.compare_digest(sent, _signature(content, key).encode())):
        return None
    fields: list[Any] = json.loads(urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    subject, execution_name, wait, approver, issued_at = fields
    return Link(subject=subject, execution_name=execution_name, wait=wait, approver=approver, issued_at=issued_at)


def _signature(content: str, key: bytes) -> str:
    return _encoded(hmac.new(key, _PURPOSE + content.encode(), hashlib.sha256).digest())


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
