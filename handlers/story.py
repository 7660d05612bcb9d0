"""An item of the stories table as Python values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Decision: TypeAlias = Literal["success", "failure"]
"""Whether a release goes on or fails."""

Channel: TypeAlias = Literal["api", "jira-webhook", "jira-transition", "jira-automation"]
"""The channel of a decision: our own body, or one of Jira's."""


@dataclass(frozen=True, kw_only=True)
class Callback:
    """A decision on a story. Stored as a map of strings, and the output of the waiting task as JSON.

    Attributes:
        jira_story_id: the subject of the decision.
        status: the decision.
        message: the comment of who decided.
        completed_at: the time of the decision, ISO 8601.
        channel: how it came.
        decider: who decided, as the channel says; None where it does not say.
        former_keys: the keys that the story had before it was moved; they are not stored with the callback.
    """

    jira_story_id: str
    status: Decision
    message: str
    completed_at: str
    channel: Channel = "api"
    decider: str | None = None
    former_keys: tuple[str, ...] = ()

    def as_output(self) -> dict[str, str]:
        """Return the fields by the names that the workflow knows."""
        return {
            "message": self.message,
            "status": self.status,
            "jiraStoryId": self.jira_story_id,
            "completedAt": self.completed_at,
            "channel": self.channel,
            **({"decider": self.decider} if self.decider else {}),
        }


@dataclass(frozen=True, kw_only=True)
class Story:
    """One item of the table. Times are ISO 8601 in UTC, as `handlers.timestamps` makes them."""

    story_id: str
    execution_name: str
    execution_arn: str
    registered_at: str = ""
    task_token: str | None = field(default=None, repr=False)
    waiting_since: str | None = None
    ends_at: str | None = None
    title: str | None = None
    details: str | None = None
    callback: Callback | None = field(default=None, repr=False)
    callback_id: str | None = None
    resumed_at: str | None = None
    ended_at: str | None = None
    end_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An entry of the sparse index: an item with a token on it, as it was a moment ago."""

    story_id: str
    execution_name: str
    execution_arn: str
    waiting_since: str
    has_callback: bool
    reminded_at: str | None = None


def story_of(item: Mapping[str, Any]) -> Story:
    """Read an item as DynamoDB returns it."""

    def text(name: str) -> str | None:
        return item[name]["S"] if name in item else None

    return Story(
        story_id=item["jiraStoryId"]["S"],
        execution_name=item["executionName"]["S"],
        execution_arn=item["executionArn"]["S"],
        registered_at=text("registeredAt") or "",
        task_token=text("taskToken"),
        waiting_since=text("waitingSince"),
        ends_at=text("endsAt"),
        title=text("title"),
        details=text("details"),
        callback=_callback(item["callback"]["M"]) if "callback" in item else None,
        callback_id=text("callbackId"),
        resumed_at=text("resumedAt"),
        ended_at=text("endedAt"),
        end_reason=text("endReason"),
    )


def _callback(stored: Mapping[str, Any]) -> Callback:
    return Callback(
        jira_story_id=stored["jiraStoryId"]["S"],
        status="success" if stored["status"]["S"] == "success" else "failure",
        message=stored["message"]["S"],
        completed_at=stored["completedAt"]["S"],
        channel=stored["channel"]["S"] if "channel" in stored else "api",
        decider=stored["decider"]["S"] if "decider" in stored else None,
    )
