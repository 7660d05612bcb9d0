"""References to archives of Lambda functions, so that requests need not carry them.

Code in the emulator's own process announces an archive and sends a reference to it: encoding and signing megabytes
for each function took a sixth of a start.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TypeAlias

Content: TypeAlias = tuple[bytes, int, str, str]
"""An archive in moto's form: bytes, size, and SHA-256 in base64 and in hexadecimal digits."""

_MARK = b"archive announced in this process: "

# Longer texts are archives, which are not worth a second decoding.
_LONGEST_REFERENCE = 4 * len(_MARK + b"0" * 64)

_announced: dict[bytes, Content] = {}


def announce(path: Path) -> bytes:
    """Return the reference to use as the `ZipFile` of a function."""
    found = path.stat()
    return _announce(path, found.st_mtime_ns, found.st_size)


def content_of(text: str | bytes) -> Content | None:
    """Return the announced archive for its reference in base64; None for any other text."""
    encoded = text if isinstance(text, bytes) else text.encode()
    return _announced.get(base64.b64decode(encoded)) if len(encoded) < _LONGEST_REFERENCE else None


@cache
def _announce(path: Path, _changed: int, _size: int) -> bytes:
    archive = path.read_bytes()
    digest = hashlib.sha256(archive)
    reference = _MARK + digest.hexdigest().encode()
    _announced[reference] = (archive, len(archive), base64.b64encode(digest.digest()).decode(), digest.hexdigest())
    return reference
