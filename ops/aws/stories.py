"""The subjects that workflows wait for, read as the callback function reads them; never a task token."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from facts import WAITING_INDEX
from ops.aws.target import Target

if TYPE_CHECKING:
    from handlers.stories import Stories
    from handlers.story import Story, Waiting


def of(target: Target, story_id: str) -> "list[Story]":
    """Return the executions of a subject: first those that wait, the latest wait first."""
    found = _table(target).of(story_id) if has_holds(target) else []
    return sorted(found, key=lambda story: (story.task_token is not None, story.waiting_since or ""), reverse=True)


def waiting(target: Target) -> "list[Waiting]":
    """Return the waits for a decision, oldest first."""
    return list(_table(target).waiting(WAITING_INDEX)) if has_holds(target) else []


def has_holds(target: Target) -> bool:
    """Return whether the stack has a table of holds; a stack whose workflows never wait has none."""
    return "dynamodb_table_name" in target.outputs


def read(target: Target, wait: "Waiting") -> "Story | None":
    """Return the item of a wait by a consistent read; None if it is gone."""
    return _table(target).read(wait.story_id, wait.execution_name)


def age(since: str, now: datetime | None = None) -> timedelta:
    """Return the time since a timestamp of the table."""
    return (now or datetime.now(UTC)) - datetime.fromisoformat(since)


def _table(target: Target) -> "Stories":
    # Imported here because it imports boto3, which --help does not need.
    from handlers.stories import Stories

    return Stories(target.client("dynamodb"), target["dynamodb_table_name"])
