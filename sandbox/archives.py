"""References to archives of Lambda functions, which the emulator resolves.

Code that creates functions from the emulator's own process announces an archive, and sends a reference: megabytes in
base64, JSON and a signature for each function took a sixth of a start.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TypeAlias

Content: TypeAlias = tuple[bytes, int, str, str]
"""An archive as moto has it: its bytes, their number, their SHA-256 in base64 and in hexadecimal digits."""

_MARK = b"archive announced in this process: "

# In base64, and more; longer texts are archives, and not worth a second decoding.
_LONGEST_REFERENCE = 4 * len(_MARK + b"0" * 64)

_announced: dict[bytes, Content] = {}


def announce(path: Path) -> bytes:
    """Return the reference to use as the `ZipFile` of a function."""
    found = path.stat()
    return _announce(path, found.st_mtime_ns, found.st_size)


def content_of(text: str | bytes) -> Content | None:
    """Return the archive that was announced, by its reference in base64; None for anything else."""
    encoded = text if isinstance(text, bytes) else text.encode()
    return _announced.get(base64.b64decode(encoded)) if len(encoded) < _LONGEST_REFERENCE else None


@cache
def _announce(path: Path, _changed: int, _size: int) -> bytes:
    archive = path.read_bytes()
    digest = hashlib.sha256(archive)
    reference = _MARK + digest.hexdigest().encode()
    _announced[reference] = (archive, len(archive), base64.b64encode(digest.digest()).decode(), digest.hexdigest())
    return reference
