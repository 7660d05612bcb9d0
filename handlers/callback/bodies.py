"""Reads the body of a callback, in any of its formats."""

from dataclasses import dataclass
from typing import Any

from handlers.callback import issue_event
from handlers.callback.formats import (
    AutomationFormat,
    Issue,
    JiraFormat,
    Ours,
    OwnBody,
    PostFunction,
    SubjectBody,
    Webhook,
)
from handlers.callback.issue_event import IssueEvent
from handlers.callback.status_names import StatusNames
from handlers.payloads import FieldError, PayloadError, loads, validated
from handlers.story import Callback, Channel


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
        PayloadError: the body has none of the formats, or contradicts itself; names each wrong field.
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


def _own(subject: str, own: Ours, names: StatusNames, at: str) -> Callback:
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
