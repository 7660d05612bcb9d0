"""Entries that PutEvents refuses but moto accepts: events in AWS's own name, and details that are not a JSON object.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
"""

from typing import Any

from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend

from sandbox import strict_json
from sandbox.patches import wrapped

Entry = dict[str, Any]

# "The total entry size must be less than 256 KB", of all entries of a request.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
MAX_REQUEST_BYTES = 262_144
# The size that EventBridge counts for a Time.
TIME_BYTES = 14


def _put(original: Any, self: EventsBackend, events: list[Entry]) -> list[Entry]:
    if sum(map(size, events)) > MAX_REQUEST_BYTES:
        raise ValidationException("Total size of the entries in the request is over the limit.")
    refused = [refusal(entry) for entry in events]
    taken = iter(original(self, [entry for entry, why in zip(events, refused, strict=True) if why is None]))
    return [next(taken) if why is None else why for why in refused]


def size(entry: Entry) -> int:
    """Return the size of an entry in bytes, as EventBridge documents it."""
    texts = [entry.get("Source"), entry.get("DetailType"), entry.get("Detail"), *(entry.get("Resources") or [])]
    return (TIME_BYTES if entry.get("Time") else 0) + sum(len(str(text).encode()) for text in texts if text)


def refusal(entry: Entry) -> Entry | None:
    """Return the answer to a refused entry; None for a valid one, or one that moto refuses itself."""
    source, detail = entry.get("Source"), entry.get("Detail")
    if isinstance(source, str) and source.startswith("aws."):
        return _failed("NotAuthorizedForSourceException", "Not authorized for the source.")
    if isinstance(detail, str) and detail and not _is_object(detail):
        return _failed("MalformedDetail", "Detail is malformed.")
    return None


def _is_object(text: str) -> bool:
    try:
        return isinstance(strict_json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _failed(code: str, message: str) -> Entry:
    return {"ErrorCode": code, "ErrorMessage": message}


PATCHES = (wrapped(EventsBackend, "put_events", _put, "accepts entries that PutEvents refuses"),)
