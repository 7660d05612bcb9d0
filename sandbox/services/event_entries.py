"""Entries that PutEvents refuses, and moto takes: events in AWS's own name, and details that are no JSON object.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from moto.events.models import EventsBackend

from sandbox.services.patching import replaced

Entry = dict[str, Any]


@contextmanager
def install() -> Iterator[None]:
    """Refuse those entries, each for itself; the others go on."""

    def put(original: Any) -> Any:
        def put_events(self: EventsBackend, events: list[Entry]) -> list[Entry]:
            refused = [refusal(entry) for entry in events]
            taken = iter(original(self, [entry for entry, why in zip(events, refused, strict=True) if why is None]))
            return [next(taken) if why is None else why for why in refused]

        return put_events

    with replaced(EventsBackend, "put_events", put):
        yield


def refusal(entry: Entry) -> Entry | None:
    """The answer to an entry that is refused; None for one that is not, or that moto refuses by itself."""
    source, detail = entry.get("Source"), entry.get("Detail")
    if isinstance(source, str) and source.startswith("aws."):
        return _failed("NotAuthorizedForSourceException", "Not authorized for the source.")
    if isinstance(detail, str) and detail and not _is_object(detail):
        return _failed("MalformedDetail", "Detail is malformed.")
    return None


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=_refuse_constant), dict)
    except (ValueError, RecursionError):
        return False


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _failed(code: str, message: str) -> Entry:
    return {"ErrorCode": code, "ErrorMessage": message}
