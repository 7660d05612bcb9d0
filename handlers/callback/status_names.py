"""Status names that mean success, and those that mean failure."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from handlers.story import Decision

_WORDS: Mapping[str, Decision] = {"success": "success", "done": "success", "failure": "failure", "failed": "failure"}
"""The words of our own body. They mean the same in every stack."""


@dataclass(frozen=True)
class StatusNames:
    """The names of Jira's statuses, as they are configured. Names compare by `folded`."""

    done: tuple[str, ...]
    failed: tuple[str, ...]

    @classmethod
    def of(cls, done: Iterable[str], failed: Iterable[str]) -> Self:
        """Take the names from the configuration."""
        return cls(tuple(done), tuple(failed))

    def outcome(self, name: str) -> Decision | None:
        """Return the meaning of a Jira status, or None if it decides nothing."""
        return self._outcomes.get(folded(name))

    def outcome_of_word(self, word: str) -> Decision | None:
        """Return the meaning of the `status` of our own body, or None for an unknown word."""
        return _WORDS.get(folded(word)) or self.outcome(word)

    @property
    def known_words(self) -> str:
        """Return the words that our own body accepts, for an error message."""
        return (
            f"{', '.join(_WORDS)}, or a status of jiraDoneStatuses ({', '.join(self.done)}) "
            f"or jiraFailedStatuses ({', '.join(self.failed)})"
        )

    @cached_property
    def _outcomes(self) -> Mapping[str, Decision]:
        failed: dict[str, Decision] = {folded(name): "failure" for name in self.failed}
        return {**failed, **{folded(name): "success" for name in self.done}}


def folded(name: str) -> str:
    """Normalize a name for comparison: Unicode's compatibility caseless match, without outer white space.

    An accented letter matches whether the accent is a separate character or not.
    https://www.unicode.org/versions/latest/core-spec/chapter-3/ (definition D146)
    """
    text = unicodedata.normalize("NFD", name)
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    return text.strip()
