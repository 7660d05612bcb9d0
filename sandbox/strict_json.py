"""JSON parsing as strict as AWS's."""

import json
from collections.abc import Callable
from typing import Any, NoReturn


def loads(text: str, *, parse_int: Callable[[str], float] = int) -> Any:
    """Parse JSON. Raises ValueError also for NaN and Infinity, which Python accepts and JSON does not have."""
    return json.loads(text, parse_constant=_refuse, parse_int=parse_int)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
