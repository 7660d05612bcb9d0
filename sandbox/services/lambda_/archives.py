"""Keeps every Lambda archive once: the functions of a program mostly share one, and moto keeps two copies for each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.awslambda import models
from moto.awslambda.models import LambdaFunction

from sandbox.archives import Content, content_of
from sandbox.services.patching import replaced


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
        return lambda text: content_of(text) or original(text)

    with replaced(LambdaFunction, "_set_function_code", set_code), replaced(models, "_zipfile_content", look_up):
        yield
