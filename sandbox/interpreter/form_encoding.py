"""URL-encoding of an HTTP Task's request body.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#url-encode-request-body
"""

import json
import urllib.parse
from collections.abc import Iterator
from typing import Any, Final

INDICES: Final = "INDICES"
ARRAY_FORMATS: Final = frozenset({INDICES, "REPEAT", "COMMAS", "BRACKETS", "NONE"})


def encode(body: dict[str, Any], array_format: str) -> str:
    """Return a JSON object as a form. Raises ValueError for an unknown array format."""
    if array_format not in ARRAY_FORMATS:
        raise ValueError(f"ArrayFormat must be one of {', '.join(sorted(ARRAY_FORMATS))}, but is {array_format!r}")
    pairs = [pair for name, value in body.items() for pair in _pairs(name, value, array_format)]
    return urllib.parse.urlencode(pairs)


def _pairs(name: str, value: Any, array_format: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _pairs(f"{name}[{key}]", item, array_format)
    elif isinstance(value, list) and array_format == "COMMAS":
        yield name, ",".join(text(item) for item in value)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            suffix = {INDICES: f"[{index}]", "BRACKETS": "[]"}.get(array_format, "")
            yield from _pairs(name + suffix, item, array_format)
    else:
        yield name, text(value)


def text(value: Any) -> str:
    """Return a text unchanged, and any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
