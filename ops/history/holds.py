"""The decision that an execution waits for, read from the calls of its hold in the history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.history.timeline import Timeline

STORY = "story"
"""The variable of a release with its story, which may be the only trace of it in a history without execution data."""

_SERVICE = "aws-sdk:dynamodb"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The subject of a hold, with the title and the details that people see, and its approvers, if it names any."""

    subject: str
    title: str | None = None
    details: str | None = None
    approvers: Sequence[str] = ()


def read(reading: Timeline) -> Asked | None:
    """Return the hold that the execution registered last; None without one.

    A hold writes its item with the subject, the title and the details (`asl.hold.calls.register`).
    """
    for visit in reversed(reading.visits):
        for event in visit.events:
            details = event.get("taskScheduledEventDetails") or {}
            is_put = details.get("resourceType") == _SERVICE and details.get("resource") == "putItem"
            if is_put and (asked := _asked(_item(details))):
                return asked
    return None


def subject(reading: Timeline) -> str | None:
    """Return the subject that the execution waits for, or waited for; None if the history has none."""
    asked = read(reading)
    story = reading.variable(STORY)
    return asked.subject if asked else story if isinstance(story, str) else None


def _item(details: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        parameters = json.loads(details.get("parameters") or "{}")
    except ValueError:
        return {}  # AWS truncates data that is too long for an event.
    item = parameters.get("Item") if isinstance(parameters, dict) else None
    return item if isinstance(item, dict) else {}


def _asked(item: Mapping[str, Any]) -> Asked | None:
    def text(name: str) -> str | None:
        value = item.get(name)
        found = value.get("S") if isinstance(value, dict) else None
        return found if isinstance(found, str) else None

    key = text("jiraStoryId")
    if not key or not text("executionArn"):
        return None
    return Asked(subject=key, title=text("title"), details=text("details"), approvers=_approvers(item))


def _approvers(item: Mapping[str, Any]) -> list[str]:
    """Return the approvers; Step Functions spells DynamoDB's type SS as Ss."""
    value = item.get("approvers")
    found = value.get("Ss") if isinstance(value, dict) else None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
