"""JSON parsing as strict as AWS's."""

import json
from typing import Any, NoReturn


def loads(text: str) -> Any:
    """Parse JSON. Raises ValueError also for NaN and Infinity, which Python accepts and JSON does not have."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
