"""Links to the approval page, for the reminders of a sweep."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from facts import LINK_KEY
from handlers import links
from handlers.secret import Secret, secret
from handlers.stories import stories
from handlers.story import Story, Waiting


class Reader(Protocol):
    """The part of `handlers.stories.Stories` that is used here."""

    def read(self, story_id: str, execution_name: str) -> Story | None: ...


@dataclass(frozen=True, kw_only=True)
class LinkMaker:
    """Makes links below the callback API's URL."""

    stories: Reader
    secret: Secret
    endpoint: str
    now: datetime

    def of(self, wait: Waiting) -> Mapping[str | None, str]:
        """Return the links by approver's address, or one link for all under None; no links for a wait that is over.

        Raises:
            TransientError: AWS is out of reach.
            ValueError: the secret has no key for links.
        """
        story = self.stories.read(wait.story_id, wait.execution_name)
        if story is None or story.waiting_since != wait.waiting_since:
            return {}
        key = self.secret.current(LINK_KEY)
        return {link.approver: links.url(self.endpoint, link, key) for link in links.links_to(story, self.now)}


def link_maker(now: datetime) -> LinkMaker | None:
    """Return the maker of links if the stack has an approval page, whose API APPROVAL_ENDPOINT names."""
    endpoint = os.environ.get("APPROVAL_ENDPOINT")
    return LinkMaker(stories=stories(), secret=secret(), endpoint=endpoint, now=now) if endpoint else None
