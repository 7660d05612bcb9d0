"""Keeps what must not be seen out of what is shown: task tokens, bearer tokens, signatures, fields with such names."""

import re

MASK = "[redacted]"

_SECRET_NAMES = (
    "token",
    "password",
    "passphrase",
    "secret",
    "secretstring",
    "authorization",
    "credentials",
    "api[-_]?key",
    "signing[-_]?key",
    "access[-_]?key",
)
"""Suffixes of the names of fields with a secret: `taskToken`, `TaskToken`, `:token`, `x-api-key`."""

_NAMED = re.compile(
    # JSON inside of JSON has its quotes escaped, however often: a value ends at a quote like the one it began with.
    # DynamoDB's values are {"S": "..."}. What was cut off has no end.
    rf"((?<!\\)(?P<quote>\\*\")[\w:. -]{{0,64}}(?:{'|'.join(_SECRET_NAMES)})(?P=quote)\s*:\s*"
    r"(?:\{\s*(?P=quote)S(?P=quote)\s*:\s*)?(?P=quote)).*?((?<!\\)(?P=quote)|$)",
    re.IGNORECASE | re.DOTALL,
)

_PATTERNS = (
    re.compile(r"(\bBearer\s+)[A-Za-z0-9._~+/=-]{12,}", re.IGNORECASE),
    re.compile(r"(\bsha256=)[0-9a-f]{64}", re.IGNORECASE),
    # A task token wherever else: AWS's begin so, and have some hundred characters.
    re.compile(r"()\bA(?:AAAK|Q[A-D])[A-Za-z0-9+/=_-]{100,}"),
)


def masked(text: str) -> str:
    """Return the text without tokens. No pattern can find a secret of free form; no log contains one."""
    text = _NAMED.sub(rf"\1{MASK}\3", text)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1{MASK}", text)
    return text
