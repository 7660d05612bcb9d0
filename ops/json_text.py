"""JSON of executions, functions and logs, which may be any text."""

import json
from typing import Any


def parsed(text: str | None) -> Any:
    """Return the value of a JSON text; None without a text, and a text that is no JSON as it is."""
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return text
