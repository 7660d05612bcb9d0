"""What a callback may say: our own body, a Jira webhook, and Jira Automation's "send web request" in both formats."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from handlers.issue_key import IssueKey
from handlers.payloads import FieldError, PayloadError, loads, validated
from handlers.stories import Callback

MAX_MESSAGE_LENGTH = 32_768
"""A failure's message becomes the cause of `SendTaskFailure`, which is cut at this length.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html"""

_OWN_SUCCESS = frozenset({"success", "done"})


@dataclass(frozen=True)
class Ignored:
    """A well-formed event that says nothing about the end of a story."""

    reason: str
    jira_story_id: str | None = None


@dataclass(frozen=True)
class StatusNames:
    """Which names of Jira statuses mean success and which mean failure; case does not matter."""

    done: frozenset[str]
    failed: frozenset[str]

    @classmethod
    def of(cls, done: list[str], failed: list[str]) -> Self:
        """From the names as they are configured."""
        return cls(frozenset(map(_folded, done)), frozenset(map(_folded, failed)))

    def outcome(self, name: str) -> Literal["success", "failure"] | None:
        """What a status means, or None where it ends nothing."""
        folded = _folded(name)
        return "success" if folded in self.done else "failure" if folded in self.failed else None


def parse(body: bytes, *, names: StatusNames, at: str) -> Callback | Ignored:
    """Read the body of a callback.

    Args:
        body: as it was sent, decoded from base64.
        names: what Jira's statuses mean.
        at: the time of the callback, ISO 8601.

    Raises:
        PayloadError: it is none of the four bodies; says why, field by field.
    """
    document = loads(body)
    if not isinstance(document, dict):
        raise PayloadError(FieldError("body", "must be a JSON object"))
    if "webhookEvent" in document:
        return _webhook(document, names, at)
    if "issue" in document:
        return _issue(validated(JiraFormat, document).issue, document, names, at)
    if "key" in document or "fields" in document:
        return _issue(validated(AutomationFormat, document), document, names, at)
    own = validated(OwnBody, document)
    status: Literal["success", "failure"] = (
        "success" if own.status is None or _folded(own.status) in _OWN_SUCCESS else "failure"
    )
    return Callback(jira_story_id=own.jiraStoryId, status=status, message=own.message, completed_at=at)


_NOT_BLANK: dict[str, Any] = {"pattern": r"\S"}


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must say something")
    return text


class OwnBody(BaseModel):
    """Our own body. `success` and `done`, in any case, and no status mean success; any other word means failure."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    jiraStoryId: IssueKey  # noqa: N815 - the contract's name
    message: Annotated[
        str, Field(max_length=MAX_MESSAGE_LENGTH, json_schema_extra=_NOT_BLANK), AfterValidator(_not_blank)
    ]
    status: Annotated[str, Field(max_length=255)] | None = None


class _FromJira(BaseModel):
    """Jira sends much more than we read, and may add to it."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Status(_FromJira):
    """`name` is held against `jiraDoneStatuses` and `jiraFailedStatuses`, in any case."""

    name: str


class Fields(_FromJira):
    """The fields of an issue that are read. A `summary` becomes part of the message."""

    status: Status


class Issue(_FromJira):
    """An issue, as far as it is read."""

    key: IssueKey
    fields: Fields


class Webhook(_FromJira):
    """What a webhook of Jira's administration sends. Events without an issue, and `jira:issue_deleted`, are ignored."""

    webhookEvent: str  # noqa: N815 - Jira's name
    issue: Issue | None = None


class JiraFormat(_FromJira):
    """What a rule of Jira Automation sends as "Issue data (Jira format)"."""

    issue: Issue


class AutomationFormat(Issue):
    """What a rule of Jira Automation sends as "Issue data (Automation format)": the issue itself."""


Body: TypeAlias = OwnBody | Webhook | JiraFormat | AutomationFormat
"""The four bodies."""


def _webhook(document: dict[str, Any], names: StatusNames, at: str) -> Callback | Ignored:
    """https://developer.atlassian.com/cloud/jira/platform/webhooks/"""
    if document["webhookEvent"] == "jira:issue_deleted":
        # The status it had says nothing of why it was deleted.
        return Ignored("the issue was deleted")
    issue = validated(Webhook, document).issue
    if issue is None:
        return Ignored("the event is not about an issue")
    return _issue(issue, document, names, at)


def _issue(issue: Issue, document: dict[str, Any], names: StatusNames, at: str) -> Callback | Ignored:
    name = issue.fields.status.name
    outcome = names.outcome(name)
    if outcome is None:
        return Ignored("the status of the issue ends nothing", issue.key)
    message = _message(issue.key, name, document)
    return Callback(jira_story_id=issue.key, status=outcome, message=message, completed_at=at)


def _message(key: str, status: str, document: dict[str, Any]) -> str:
    """What a person wants to read of it: `PROJ-123 "Release 2.1" went from "In Review" to "Done" by Ann`."""
    title = _text(document, "issue", "fields", "summary") or _text(document, "fields", "summary")
    user = _text(document, "user", "displayName")
    previous = _previous_status(document)
    parts = [
        key,
        f' "{title}"' if title else "",
        f' went from "{previous}" to "{status}"' if previous else f' is "{status}"',
        f" by {user}" if user else "",
    ]
    # The parts that no model has checked may hold lone surrogates, which no AWS API takes.
    return "".join(parts).encode(errors="replace").decode()[:MAX_MESSAGE_LENGTH]


def _previous_status(document: dict[str, Any]) -> str | None:
    changelog = document.get("changelog")
    items = changelog.get("items") if isinstance(changelog, dict) else None
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and item.get("field") == "status":
            return _text(item, "fromString")
    return None


def _text(value: Any, *path: str) -> str | None:
    """The text at a path of names, or None where there is none: parts of a message, never worth refusing a callback."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) and value.strip() else None


def _folded(name: str) -> str:
    return name.strip().casefold()
