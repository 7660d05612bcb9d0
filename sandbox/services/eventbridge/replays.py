"""StartReplay sends only the events of the requested period; moto sends the whole archive.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html
"""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from moto.events.models import Replay

from sandbox.patches import wrapped


def _replay(original: Any, self: Replay, archive: Any) -> None:
    # Events have whole seconds, but the requested times may have fractions.
    first, last = int(_seconds(self.event_start_time)), _seconds(self.event_end_time)
    asked = [event for event in archive.events if first <= _seconds(event["time"]) <= last]
    original(self, SimpleNamespace(events=asked))


def _seconds(moment: str | float) -> float:
    if not isinstance(moment, str):
        return float(moment)
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


PATCHES = (wrapped(Replay, "replay_events", _replay, "replays the whole archive instead of the requested time"),)
