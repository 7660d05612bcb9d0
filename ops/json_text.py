"""JSON of executions, functions and logs, which may be any text."""

import json
from typing import Any


def parsed(text: str | None) -> Any:
    """Parse a JSON text; return None for None, and a text that is not JSON unchanged."""
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return text
