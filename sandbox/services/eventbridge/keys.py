"""EventBridge: the keys of archives and connections, which moto drops, and UpdateEventBus, which it does not have.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateEventBus.html
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.events.responses import EventsHandler

from sandbox.services.added import added
from sandbox.services.patching import replaced

_Answer = tuple[str, dict[str, Any]]
_KEY = "KmsKeyIdentifier"


@contextmanager
def install() -> Iterator[None]:
    """Keep `KmsKeyIdentifier` of archives, connections and buses, and show it in their descriptions."""
    with ExitStack() as stack:
        for kind, name, kept in (
            ("archive", "ArchiveName", "archives"),
            ("connection", "Name", "connections"),
        ):
            for verb in ("create", "update"):
                stack.enter_context(replaced(EventsHandler, f"{verb}_{kind}", _keeping(name, kept)))
            stack.enter_context(replaced(EventsHandler, f"describe_{kind}", _showing(name, kept)))
        stack.enter_context(added(EventsHandler, "update_event_bus", _update_bus))
        yield


def _keeping(name: str, kept: str) -> Callable[[Callable[[Any], _Answer]], Callable[[Any], _Answer]]:
    def wrap(original: Callable[[Any], _Answer]) -> Callable[[Any], _Answer]:
        def keep(self: Any) -> _Answer:
            answer = original(self)
            key = self._get_param(_KEY)
            # An empty text takes the key away; nothing leaves it.
            if key is not None:
                getattr(self.events_backend, kept)[self._get_param(name)].kms_key_identifier = key
            return answer

        return keep

    return wrap


def _showing(name: str, kept: str) -> Callable[[Callable[[Any], _Answer]], Callable[[Any], _Answer]]:
    def wrap(original: Callable[[Any], _Answer]) -> Callable[[Any], _Answer]:
        def show(self: Any) -> _Answer:
            text, headers = original(self)
            key = getattr(getattr(self.events_backend, kept)[self._get_param(name)], "kms_key_identifier", "")
            return json.dumps({**json.loads(text), **({_KEY: key} if key else {})}), headers

        return show

    return wrap


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
