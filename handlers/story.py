"""An item of the stories table as Python values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Decision: TypeAlias = Literal["success", "failure"]
"""Whether a release continues or fails."""

Channel: TypeAlias = Literal["api", "jira-webhook", "jira-transition", "jira-automation", "link"]
"""The channel of a decision: our own body, one of Jira's, or the approval page of a signed link."""

Identity: TypeAlias = Literal["signed-link", "shared-link", "webhook-signature", "bearer-token"]
"""The proof of the decider's identity.

`signed-link`: by a link that was made for the decider's address. `webhook-signature`: Jira names the user, and signs.
The others prove that the sender may decide; the name of the decider is the sender's claim.
"""


@dataclass(frozen=True, kw_only=True)
class Callback:
    """A decision on a story. Stored as a map of strings, and the output of the waiting task as JSON.

    Attributes:
        jira_story_id: the subject of the decision.
        status: the decision.
        message: the comment of the person who decided.
        completed_at: the time of the decision, ISO 8601.
        channel: the channel through which it came.
        decider: the person who decided, as the channel names them; None if it does not.
        identity: how the decider is known; None in records that are older than this field.
        former_keys: the keys that the story had before it was moved; they are not stored with the callback.
    """

    jira_story_id: str
    status: Decision
    message: str
    completed_at: str
    channel: Channel = "api"
    decider: str | None = None
    identity: Identity | None = None
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
            **({"identity": self.identity} if self.identity else {}),
        }


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One of several approvals that a hold needs: its time (ISO 8601) and its comment."""

    at: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """One item of the table. Times are ISO 8601 in UTC, as `handlers.timestamps` makes them.

    Attributes:
        approvers: the addresses of those who may decide, in lower case; empty if every channel may.
        approvals_needed: how many of the approvers have to approve.
        approvals: the approvals so far, by address.
        requester: who asks for the decision; None if unknown.
    """

    story_id: str
    execution_name: str
    execution_arn: str
    registered_at: str = ""
    task_token: str | None = field(default=None, repr=False)
    waiting_since: str | None = None
    ends_at: str | None = None
    title: str | None = None
    details: str | None = None
    requester: str | None = None
    requester_may_approve: bool = False
    approvers: frozenset[str] = frozenset()
    approvals_needed: int = 1
    approvals: Mapping[str, Approval] = field(default_factory=dict, repr=False, hash=False)
    callback: Callback | None = field(default=None, repr=False)
    callback_id: str | None = None
    resumed_at: str | None = None
    ended_at: str | None = None
    end_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An entry of the sparse index: an item that has a token, or had one a moment ago."""

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
        requester=text("requester"),
        requester_may_approve="requesterMayApprove" in item,
        approvers=frozenset(item["approvers"]["SS"]) if "approvers" in item else frozenset(),
        approvals_needed=int(item["approvalsNeeded"]["N"]) if "approvalsNeeded" in item else 1,
        approvals=_approvals(item["approvals"]["M"]) if "approvals" in item else {},
        callback=_callback(item["callback"]["M"]) if "callback" in item else None,
        callback_id=text("callbackId"),
        resumed_at=text("resumedAt"),
        ended_at=text("endedAt"),
        end_reason=text("endReason"),
    )


def _approvals(stored: Mapping[str, Any]) -> dict[str, Approval]:
    return {
        address: Approval(at=approval["M"]["at"]["S"], comment=approval["M"]["comment"]["S"])
        for address, approval in stored.items()
    }


def _callback(stored: Mapping[str, Any]) -> Callback:
    return Callback(
        jira_story_id=stored["jiraStoryId"]["S"],
        status="success" if stored["status"]["S"] == "success" else "failure",
        message=stored["message"]["S"],
        completed_at=stored["completedAt"]["S"],
        channel=stored["channel"]["S"] if "channel" in stored else "api",
        decider=stored["decider"]["S"] if "decider" in stored else None,
        identity=stored["identity"]["S"] if "identity" in stored else None,
    )
