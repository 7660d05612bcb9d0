"""The formats of a callback's body: our own two, a Jira webhook, a workflow's post function, two of Jira Automation."""

from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from handlers.callback.issue_event import MAX_DECIDER_LENGTH, MAX_MESSAGE_LENGTH
from handlers.issue_key import IssueKey
from handlers.subject import Subject


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must say something")
    return text


_NOT_BLANK: dict[str, Any] = {"pattern": r"\S"}
_SAYS = AfterValidator(_not_blank)


class Ours(BaseModel):
    """The fields that our own two bodies share."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    message: Annotated[str, Field(max_length=MAX_MESSAGE_LENGTH, json_schema_extra=_NOT_BLANK), _SAYS]
    status: Annotated[str, Field(max_length=255)] | None = None
    decider: Annotated[str, Field(max_length=MAX_DECIDER_LENGTH, json_schema_extra=_NOT_BLANK), _SAYS] | None = None


class OwnBody(Ours):
    """Our own body. `status` is `success` or `done`, `failure` or `failed`, or the name of a Jira status in
    `jiraDoneStatuses` or `jiraFailedStatuses`, in any case. No status means success; any other word is refused.
    `decider` names the person who decided, for the record; it grants nothing.
    """

    jiraStoryId: IssueKey  # noqa: N815 - the contract's name


class SubjectBody(Ours):
    """Our own body for a hold of any workflow: `subject` is a key of any shape, and replaces `jiraStoryId`."""

    subject: Subject


class FromJira(BaseModel):
    """A part of a Jira body. Jira sends more fields than these, and may add others."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Status(FromJira):
    """`name` is compared with `jiraDoneStatuses` and `jiraFailedStatuses`, in any case."""

    name: str


class Fields(FromJira):
    """The fields of an issue that are read. A `summary` becomes part of the message."""

    status: Status


class Issue(FromJira):
    """The parts of an issue that are read."""

    key: IssueKey
    fields: Fields


class Webhook(FromJira):
    """A webhook of Jira's administration. Events without an issue, and `jira:issue_deleted`, are ignored.

    `changelog.items` must not contradict the status. An item `Key` names the former key of a moved issue.
    """

    webhookEvent: str  # noqa: N815 - Jira's name
    issue: Issue | None = None


class Transition(FromJira):
    """A transition of a workflow. `to_status` is compared with `jiraDoneStatuses` and `jiraFailedStatuses`."""

    to_status: Annotated[str, Field(json_schema_extra=_NOT_BLANK), _SAYS]


class TransitionedIssue(FromJira):
    """An issue in the middle of a transition. Its status is not read: it may still be the old one."""

    key: IssueKey


class PostFunction(FromJira):
    """A request of the post function "Trigger a webhook" of a Jira workflow. The transition decides."""

    transition: Transition
    issue: TransitionedIssue


class JiraFormat(FromJira):
    """A request of a rule of Jira Automation, as "Issue data (Jira format)"."""

    issue: Issue


class AutomationFormat(Issue):
    """A request of a rule of Jira Automation, as "Issue data (Automation format)": the issue itself."""


Body: TypeAlias = OwnBody | SubjectBody | Webhook | PostFunction | JiraFormat | AutomationFormat
"""Every body that `parse` reads."""
