"""The decision in a Jira event, from everything that the event says about the issue's status and key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from handlers.callback.status_names import StatusNames
from handlers.issue_key import IssueKey
from handlers.payloads import FieldError, PayloadError, validated
from handlers.story import Decision

MAX_MESSAGE_LENGTH = 32_768
"""A failure's message becomes the cause of `SendTaskFailure`, which is cut at this length.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html"""


MAX_DECIDER_LENGTH = 255
"""Room for a name and an id; it is in the result, the log and the output of an execution."""


@dataclass(frozen=True)
class Status:
    """The current status of an issue as a body gives it, and the field that gives it."""

    path: str
    name: str


@dataclass(frozen=True)
class IssueEvent:
    """The parts of an event that matter to a release.

    Attributes:
        key: the key of the issue now.
        former_keys: the keys that it had before, if the event reports a move.
        outcome: None if the status decides nothing.
        decider: the name and the id of the user who caused the event; None if it names none.
        message: for people: `PROJ-123 "Release 2.1" went from "In Review" to "Done" by Ann`.
    """

    key: str
    former_keys: tuple[str, ...]
    outcome: Decision | None
    message: str
    decider: str | None


def read(key: str, status: Status, document: dict[str, Any], names: StatusNames) -> IssueEvent:
    """Read the event of an issue with that key and status.

    Raises:
        PayloadError: the changelog contradicts key or status, or does not name the keys of a move.
    """
    now, former = _keys(key, document)
    outcome = _outcome(status, document, names)
    return IssueEvent(now, former, outcome, _message(now, former, status.name, document), _decider(document))


class Move(BaseModel):
    """The item `Key` of a changelog: an issue was moved to another project."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    fromString: IssueKey  # noqa: N815 - Jira's name
    toString: IssueKey  # noqa: N815 - Jira's name


def _keys(key: str, document: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the key after all moves, and those before."""
    moves = [validated(Move, item, within=path) for path, item in _changes(document, "key")]
    if not moves:
        return key, ()
    now = moves[-1].toString
    every = dict.fromkeys(each for move in moves for each in (move.fromString, move.toString))
    if key not in every:
        raise PayloadError(FieldError("issue.key", "must be one of the keys that the changelog's item Key names"))
    return now, tuple(each for each in every if each != now)


def _outcome(status: Status, document: dict[str, Any], names: StatusNames) -> Decision | None:
    """Compare the status with that of the changelog: the issue may have changed in Jira since the event."""
    outcome = names.outcome(status.name)
    for path, item in list(_changes(document, "status"))[-1:]:
        changed = _text(item, "toString")
        # One status may have two names: Jira translates names, and a changelog keeps the name at the time of the
        # change.
        is_same = item.get("to") and item["to"] == _text(document, "issue", "fields", "status", "id")
        if changed and not is_same and names.outcome(changed) != outcome:
            raise PayloadError(FieldError(f"{path}.toString", f"must not contradict {status.path}"))
    return outcome


def _message(key: str, former: tuple[str, ...], status: str, document: dict[str, Any]) -> str:
    title = _text(document, "issue", "fields", "summary") or _text(document, "fields", "summary")
    user = _text(document, "user", "displayName")
    changes = [_text(item, "fromString") for _, item in _changes(document, "status")]
    previous = _text(document, "transition", "from_status") or (changes[-1] if changes else None)
    parts = [
        key,
        f' "{title}"' if title else "",
        f" (before: {', '.join(former)})" if former else "",
        f' went from "{previous}" to "{status}"' if previous else f' is "{status}"',
        f" by {user}" if user else "",
    ]
    # Parts that no model has checked may hold lone surrogates, which no AWS API accepts.
    return "".join(parts).encode(errors="replace").decode()[:MAX_MESSAGE_LENGTH]


def _decider(document: dict[str, Any]) -> str | None:
    """Name the user: `Ann (5b10a2844c20165700ede21g)`. Jira Data Center has names in place of account ids.

    https://developer.atlassian.com/cloud/jira/platform/webhooks/
    """
    name = _text(document, "user", "displayName")
    account = _text(document, "user", "accountId") or _text(document, "user", "name")
    decider = f"{name} ({account})" if name and account else name or account
    return decider.encode(errors="replace").decode()[:MAX_DECIDER_LENGTH] if decider else None


def _changes(document: dict[str, Any], field: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the items of the changelog about a field of Jira's own, each with its path."""
    changelog = document.get("changelog")
    items = changelog.get("items") if isinstance(changelog, dict) else None
    for number, item in enumerate(items if isinstance(items, list) else []):
        # A custom field may have any name.
        if isinstance(item, dict) and item.get("fieldtype") != "custom":
            name = item.get("field")
            if isinstance(name, str) and name.casefold() == field:
                yield f"changelog.items.{number}", item


def _text(value: Any, *path: str) -> str | None:
    """Return the text at a path of names, or None where there is none. A missing part never refuses a callback."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) and value.strip() else None
