"""Formatting of texts and times: masked, readable, and of limited length."""

import json
from datetime import datetime
from typing import overload

from ops.masking import masked

LONGEST_TEXT = 50_000
"""Characters of one text; an input may have 256 KiB, and a run some hundred inputs."""


def shown(text: str | None) -> str | None:
    """Return a text without secrets. JSON is indented; a long text is cut, with a note."""
    if text is None:
        return None
    safe = masked(_readable(text))
    if len(safe) <= LONGEST_TEXT:
        return safe
    return f"{safe[:LONGEST_TEXT]}\n… {len(safe) - LONGEST_TEXT:,} more characters"


@overload
def milliseconds(moment: datetime) -> int: ...
@overload
def milliseconds(moment: None) -> None: ...
def milliseconds(moment: datetime | None) -> int | None:
    """Return a time as in JavaScript: milliseconds since 1970."""
    return None if moment is None else round(moment.timestamp() * 1000)


def _readable(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text  # Not JSON, or truncated by AWS because it was too long for an event.
    return json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict | list) else text
