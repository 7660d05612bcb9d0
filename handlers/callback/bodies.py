"""Bodies of a callback: our own two, a Jira webhook, a workflow's post function, both formats of Jira Automation."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from handlers.callback import issue_event
from handlers.callback.issue_event import MAX_DECIDER_LENGTH, MAX_MESSAGE_LENGTH, IssueEvent
from handlers.callback.status_names import StatusNames
from handlers.issue_key import IssueKey
from handlers.payloads import FieldError, PayloadError, loads, validated
from handlers.story import Callback, Channel
from handlers.subject import Subject


@dataclass(frozen=True)
class Ignored:
    """A well-formed event that decides nothing."""

    reason: str
    jira_story_id: str | None = None
    former_keys: tuple[str, ...] = ()


def parse(body: bytes, *, names: StatusNames, at: str) -> Callback | Ignored:
    """Read the body of a callback.

    Args:
        body: as it was sent, decoded from base64.
        names: what Jira's statuses mean.
        at: the time of the callback, ISO 8601.

    Raises:
        PayloadError: the body is none of those below, or contradicts itself; names each wrong field.
    """
    document = loads(body)
    if not isinstance(document, dict):
        raise PayloadError(FieldError("body", "must be a JSON object"))
    _check_form(document)
    if document.get("webhookEvent") == "jira:issue_deleted":
        # The last status of a deleted issue does not tell why it was deleted.
        return Ignored("the issue was deleted")
    if document.get("transition") is not None:
        moved = validated(PostFunction, document)
        status = issue_event.Status("transition.to_status", moved.transition.to_status)
        return _about(issue_event.read(moved.issue.key, status, document, names), at, "jira-transition")
    if "webhookEvent" in document:
        issue = validated(Webhook, document).issue
        return (
            Ignored("the event is not about an issue")
            if issue is None
            else _issue(issue, document, names, at, "jira-webhook")
        )
    if "issue" in document:
        return _issue(validated(JiraFormat, document).issue, document, names, at, "jira-automation")
    if "key" in document or "fields" in document:
        issue = validated(AutomationFormat, document)
        return _issue(issue, document, names, at, "jira-automation", path="fields.status.name")
    if "subject" in document and "jiraStoryId" not in document:
        ours = validated(SubjectBody, document)
        return _own(ours.subject, ours, names, at)
    own = validated(OwnBody, document)
    return _own(own.jiraStoryId, own, names, at)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must say something")
    return text


_NOT_BLANK: dict[str, Any] = {"pattern": r"\S"}
_SAYS = AfterValidator(_not_blank)


class _Ours(BaseModel):
    """The fields that our own two bodies share."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    message: Annotated[str, Field(max_length=MAX_MESSAGE_LENGTH, json_schema_extra=_NOT_BLANK), _SAYS]
    status: Annotated[str, Field(max_length=255)] | None = None
    decider: Annotated[str, Field(max_length=MAX_DECIDER_LENGTH, json_schema_extra=_NOT_BLANK), _SAYS] | None = None


class OwnBody(_Ours):
    """Our own body. `status` is `success` or `done`, `failure` or `failed`, or the name of a Jira status in
    `jiraDoneStatuses` or `jiraFailedStatuses`, in any case. No status means success; any other word is refused.
    `decider` names the person who decided, for the record; it grants nothing.
    """

    jiraStoryId: IssueKey  # noqa: N815 - the contract's name


class SubjectBody(_Ours):
    """Our own body for a hold of any workflow: `subject` is a key of any shape, and replaces `jiraStoryId`."""

    subject: Subject


class _FromJira(BaseModel):
    """A part of a Jira body. Jira sends more fields than these, and may add others."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Status(_FromJira):
    """`name` is compared with `jiraDoneStatuses` and `jiraFailedStatuses`, in any case."""

    name: str


class Fields(_FromJira):
    """The fields of an issue that are read. A `summary` becomes part of the message."""

    status: Status


class Issue(_FromJira):
    """The parts of an issue that are read."""

    key: IssueKey
    fields: Fields


class Webhook(_FromJira):
    """A webhook of Jira's administration. Events without an issue, and `jira:issue_deleted`, are ignored.

    `changelog.items` must not contradict the status. An item `Key` names the former key of a moved issue.
    """

    webhookEvent: str  # noqa: N815 - Jira's name
    issue: Issue | None = None


class Transition(_FromJira):
    """A transition of a workflow. `to_status` is compared with `jiraDoneStatuses` and `jiraFailedStatuses`."""

    to_status: Annotated[str, Field(json_schema_extra=_NOT_BLANK), _SAYS]


class TransitionedIssue(_FromJira):
    """An issue in the middle of a transition. Its status is not read: it may still be the old one."""

    key: IssueKey


class PostFunction(_FromJira):
    """A request of the post function "Trigger a webhook" of a Jira workflow. The transition decides."""

    transition: Transition
    issue: TransitionedIssue


class JiraFormat(_FromJira):
    """A request of a rule of Jira Automation, as "Issue data (Jira format)"."""

    issue: Issue


class AutomationFormat(Issue):
    """A request of a rule of Jira Automation, as "Issue data (Automation format)": the issue itself."""


Body: TypeAlias = OwnBody | SubjectBody | Webhook | PostFunction | JiraFormat | AutomationFormat
"""Every body that `parse` reads."""


def _check_form(document: dict[str, Any]) -> None:
    """Refuse a body that matches two formats: it may name two stories.

    Raises:
        PayloadError: names the extra field.
    """
    around = [name for name in ("webhookEvent", "transition", "issue") if name in document]
    itself = [name for name in ("key", "fields") if name in document]
    if "jiraStoryId" in document and (around or itself):
        other = (around or itself)[0]
        raise PayloadError(FieldError("jiraStoryId", f"is of our own body and {other} of Jira's: send one of them"))
    if around and itself:
        raise PayloadError(FieldError(itself[0], f"must be in issue, in a body with {around[0]}"))


def _own(subject: str, own: _Ours, names: StatusNames, at: str) -> Callback:
    outcome = names.outcome_of_word("success" if own.status is None else own.status)
    if outcome is None:
        raise PayloadError(FieldError("status", f"must be one of {names.known_words}"))
    return Callback(jira_story_id=subject, status=outcome, message=own.message, completed_at=at, decider=own.decider)


def _issue(
    issue: Issue,
    document: dict[str, Any],
    names: StatusNames,
    at: str,
    channel: Channel,
    *,
    path: str = "issue.fields.status.name",
) -> Callback | Ignored:
    status = issue_event.Status(path, issue.fields.status.name)
    return _about(issue_event.read(issue.key, status, document, names), at, channel)


def _about(event: IssueEvent, at: str, channel: Channel) -> Callback | Ignored:
    if event.outcome is None:
        return Ignored("the status of the issue ends nothing", event.key, event.former_keys)
    return Callback(
        jira_story_id=event.key,
        status=event.outcome,
        message=event.message,
        completed_at=at,
        channel=channel,
        decider=event.decider,
        former_keys=event.former_keys,
    )
