"""Shared Lambda archives: the functions of a program mostly use one, and moto keeps two copies for each."""

from collections.abc import Callable
from typing import Any

from moto.awslambda import models
from moto.awslambda.models import LambdaFunction

from sandbox.archives import Content, content_of
from sandbox.patches import decorated, wrapped


def _set_code(original: Callable[..., None]) -> Callable[..., None]:
    archives: dict[str, bytes] = {}

    def set_function_code(self: LambdaFunction, updated_spec: dict[str, Any]) -> None:
        original(self, updated_spec)
        # The text is no longer needed: the function runs from the bytes.
        if self.code.pop("ZipFile", None) is not None:
            self.code_bytes = archives.setdefault(self.code_sha_256, self.code_bytes)

    return set_function_code


def _look_up(original: Callable[[str | bytes], Content], text: str | bytes) -> Content:
    return content_of(text) or original(text)


PATCHES = (
    decorated(LambdaFunction, "_set_function_code", _set_code, "keeps two copies of each function's code"),
    wrapped(models, "_zipfile_content", _look_up, "decodes and hashes the code that functions share once for each"),
)
