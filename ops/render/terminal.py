"""Output of a command: text for people, or JSON for programs. Results go to stdout, everything else to stderr."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlers.timestamps import timestamp
from ops.errors import OpsError
from ops.masking import masked

if TYPE_CHECKING:
    from rich.console import Console

PIPE_COLUMNS = 200
"""Width of tables if the output is not a terminal."""


@dataclass(frozen=True)
class Terminal:
    """Standard output and standard error of one command."""

    is_json: bool

    @cached_property
    def console(self) -> "Console":
        """Return Rich's console on stdout, which adds styles only on a terminal, and interprets no markup."""
        return _console(is_error=False)

    @property
    def is_live(self) -> bool:
        """Return whether a person is watching, so that output may change in place."""
        return not self.is_json and self.console.is_terminal

    def show(self, data: Any, human: Callable[["Console"], None]) -> None:
        """Print a result: as one JSON document, or as the second argument prints it."""
        if self.is_json:
            print(as_json(data, indent=2), flush=True)
        else:
            human(self.console)

    def reveal(self, data: Any) -> None:
        """Print one JSON document with the secrets that the user asked for."""
        print(_dumps(data, 2), flush=True)

    def line(self, data: Any) -> None:
        """Print one of many results as a line of JSON (https://jsonlines.org/); nothing for a person."""
        if self.is_json:
            print(as_json(data), flush=True)

    def say(self, text: str = "") -> None:
        """Print progress for a person; print nothing for a program."""
        if not self.is_json:
            print(printable(text), flush=True)

    def error(self, error: OpsError) -> None:
        """Print what went wrong and what to do, on stderr."""
        if self.is_json:
            told = {"error": {"message": error.message, "hint": error.hint or None, "exitCode": error.exit_code}}
            print(as_json(told), file=sys.stderr, flush=True)
            return
        console = _console(is_error=True)
        console.print(printable(f"error: {error.message}"), style="bold red", soft_wrap=True)
        if error.hint:
            console.print(printable(error.hint), soft_wrap=True)


def print_json(console: "Console", data: Any) -> None:
    """Print JSON for a person, with colours on a terminal."""
    from rich.highlighter import JSONHighlighter

    console.print(JSONHighlighter()(printable(as_json(data, indent=2))), soft_wrap=True)


def as_json(data: Any, *, indent: int | None = None) -> str:
    """Serialize a value as this program writes JSON: times in UTC as `2025-01-31T12:00:00.000Z`, and no tokens."""
    return masked(_dumps(data, indent))


def printable(text: str) -> str:
    """Return the text without tokens and control sequences of a terminal: its source may be untrusted."""
    return "".join(each if each.isprintable() or each == "\n" else _escaped(each) for each in masked(text))


def _dumps(data: Any, indent: int | None) -> str:
    return json.dumps(data, indent=indent, ensure_ascii=False, default=_plain)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _console(*, is_error: bool) -> "Console":
    from rich.console import Console  # here, because --help and --json need none of it

    console = Console(stderr=is_error, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPE_COLUMNS
    return console
