"""JSON as AWS reads it."""

import json
from typing import Any, NoReturn


def loads(text: str) -> Any:
    """Read JSON. Raises ValueError for NaN and infinity as well: Python reads them, and JSON has neither."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
