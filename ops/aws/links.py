"""Links to the approval page of a wait, made with the stack's key."""

from datetime import datetime
from typing import TYPE_CHECKING

from facts import LINK_KEY
from ops.aws import tokens
from ops.aws.target import Target
from ops.errors import TargetError

if TYPE_CHECKING:
    from handlers.story import Story


def has_page(target: Target) -> bool:
    """Return whether the stack has an approval page."""
    return "secrets_manager_arn" in target.outputs and bool(tokens.current(target).get(LINK_KEY))


def key(target: Target) -> bytes:
    """Return the key that signs links.

    Raises:
        TargetError: the stack has no approval page.
    """
    found = tokens.current(target).get(LINK_KEY)
    if not found:
        raise TargetError("This stack has no approval page", "pulumi config set approvalLinks true, and pulumi up")
    return found.encode()


def of(target: Target, story: "Story", signing_key: bytes, now: datetime) -> dict[str, str]:
    """Return the URL of each approver's link, by address; the one link for everybody has the address `anyone`."""
    from handlers import links

    endpoint = target["callback_api_endpoint"]
    return {link.approver or "anyone": links.url(endpoint, link, signing_key) for link in links.links_to(story, now)}
