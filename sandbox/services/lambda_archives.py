"""Keeps every Lambda archive once: the functions of a program mostly share one, and moto keeps two copies for each.

Who makes functions in the emulator's own process may announce an archive, and send what stands for it: megabytes that
go through base64, JSON and a signature for each of many functions were a sixth of a start.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from moto.awslambda import models
from moto.awslambda.models import LambdaFunction

from sandbox.services.patching import replaced

Content: TypeAlias = tuple[bytes, int, str, str]
"""An archive as moto has it: its bytes, their number, their SHA-256 in base64 and in hexadecimal digits."""

_MARK = b"archive announced in this process: "
_LONGEST_REFERENCE = 4 * len(_MARK + b"0" * 64)
"""In base64, and more; longer texts are archives, and not worth a second decoding."""

_announced: dict[bytes, Content] = {}


def announce(path: Path) -> bytes:
    """Give what stands for the zip file, as the `ZipFile` of a function."""
    found = path.stat()
    return _announce(path, found.st_mtime_ns, found.st_size)


@cache
def _announce(path: Path, _changed: int, _size: int) -> bytes:
    archive = path.read_bytes()
    digest = hashlib.sha256(archive)
    stands_for_it = _MARK + digest.hexdigest().encode()
    content = (archive, len(archive), base64.b64encode(digest.digest()).decode(), digest.hexdigest())
    _announced[stands_for_it] = content
    return stands_for_it


@contextmanager
def install() -> Iterator[None]:
    """Let functions of equal code share its bytes, and drop the base64 text that the code came in."""
    archives: dict[str, bytes] = {}

    def set_code(original: Callable[..., None]) -> Callable[..., None]:
        def set_function_code(self: LambdaFunction, updated_spec: dict[str, Any]) -> None:
            original(self, updated_spec)
            # Nobody reads the text any more: the function runs from the bytes.
            if self.code.pop("ZipFile", None) is not None:
                self.code_bytes = archives.setdefault(self.code_sha_256, self.code_bytes)

        return set_function_code

    def look_up(original: Callable[[str | bytes], Content]) -> Callable[[str | bytes], Content]:
        def content(text: str | bytes) -> Content:
            encoded = text if isinstance(text, bytes) else text.encode()
            is_short = len(encoded) < _LONGEST_REFERENCE
            known = _announced.get(base64.b64decode(encoded)) if is_short else None
            return known or original(text)

        return content

    with (
        replaced(LambdaFunction, "_set_function_code", set_code),
        replaced(models, "_zipfile_content", look_up),
    ):
        yield
