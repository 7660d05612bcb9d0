"""EventBridge: the keys of archives and connections, which moto drops, and UpdateEventBus, which it lacks.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateEventBus.html
"""

import json
from collections.abc import Callable
from typing import Any

from moto.events.responses import EventsHandler

from sandbox.patches import Patch, added, wrapped

_Answer = tuple[str, dict[str, Any]]
_KEY = "KmsKeyIdentifier"


def _update_bus(self: Any) -> _Answer:
    name = self._get_param("Name") or "default"
    bus = self.events_backend.describe_event_bus(name)
    if (key := self._get_param(_KEY)) is not None:
        bus.kms_key_identifier = key
    if (description := self._get_param("Description")) is not None:
        bus.description = description
    if (letters := self._get_param("DeadLetterConfig")) is not None:
        bus.dead_letter_config = letters
    shown = {"Arn": bus.arn, "Name": bus.name, _KEY: bus.kms_key_identifier, "Description": bus.description}
    return json.dumps({field: value for field, value in shown.items() if value}), self.response_headers


def _kept_key(kind: str, name: str, kept: str) -> tuple[Patch, ...]:
    def keep(original: Callable[[Any], _Answer], self: Any) -> _Answer:
        answer = original(self)
        key = self._get_param(_KEY)
        # An empty text removes the key; a missing one keeps it.
        if key is not None:
            getattr(self.events_backend, kept)[self._get_param(name)].kms_key_identifier = key
        return answer

    def show(original: Callable[[Any], _Answer], self: Any) -> _Answer:
        text, headers = original(self)
        key = getattr(getattr(self.events_backend, kept)[self._get_param(name)], "kms_key_identifier", "")
        return json.dumps({**json.loads(text), **({_KEY: key} if key else {})}), headers

    return (
        wrapped(EventsHandler, f"create_{kind}", keep, "drops KmsKeyIdentifier"),
        wrapped(EventsHandler, f"update_{kind}", keep, "drops KmsKeyIdentifier"),
        wrapped(EventsHandler, f"describe_{kind}", show, "does not show KmsKeyIdentifier"),
    )


PATCHES = (
    *_kept_key("archive", "ArchiveName", "archives"),
    *_kept_key("connection", "Name", "connections"),
    added(EventsHandler, "update_event_bus", _update_bus, "lacks UpdateEventBus"),
)
