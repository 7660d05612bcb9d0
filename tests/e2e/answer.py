"""Answers of the callback API, checked against docs/openapi.json."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests import contract


@dataclass(frozen=True)
class Answer:
    """An answer of the callback API, held against the document."""

    code: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    def __post_init__(self) -> None:
        contract.check_answer("/callback", self.code, self.headers, self.body)

    @property
    def status(self) -> str:
        """Return the answer's own word for it."""
        return str(self.body["status"])
