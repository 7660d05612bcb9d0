"""Keeps what must not be seen out of what is shown: task tokens, bearer tokens, signatures."""

import re

MASK = "[redacted]"

_QUOTE = r'\\*"'
"""JSON inside of JSON has its quotes escaped, however often."""

_PATTERNS = (
    # "taskToken": "...", "TaskToken": {"S": "..."}, ":token": {"S": "..."}, "Token": "..."
    re.compile(rf"({_QUOTE}:?(?:[Tt]ask)?[Tt]oken{_QUOTE}\s*:\s*(?:\{{\s*{_QUOTE}S{_QUOTE}\s*:\s*)?{_QUOTE})[^\"\\]+"),
    re.compile(r"(\bBearer\s+)[A-Za-z0-9._~+/=-]{12,}", re.IGNORECASE),
    re.compile(r"(\bsha256=)[0-9a-f]{64}", re.IGNORECASE),
    # A task token wherever else: AWS's begin so, and have some hundred characters.
    re.compile(r"()\bA(?:AAAK|Q[A-D])[A-Za-z0-9+/=_-]{100,}"),
)


def masked(text: str) -> str:
    """The text without tokens. What a secret of ours looks like, no pattern can know: they are in no log."""
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1{MASK}", text)
    return text
