"""Findings of the checks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from ops.aws.errors import explain
from ops.errors import OpsError

Result = Literal["ok", "warning", "wrong"]

Check = Callable[[], Iterator["Finding"]]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The result of one check. A `hint` says what to do."""

    what: str
    result: Result
    said: str
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the fields for the JSON output."""
        return {"check": self.what, "result": self.result, "message": self.said, "hint": self.hint or None}


def ok(what: str, said: str) -> Finding:
    """Report a check that passes."""
    return Finding(what=what, result="ok", said=said)


def warning(what: str, said: str, hint: str = "") -> Finding:
    """Report a check that passes with a risk."""
    return Finding(what=what, result="warning", said=said, hint=hint)


def wrong(what: str, said: str, hint: str = "") -> Finding:
    """Report a check that fails."""
    return Finding(what=what, result="wrong", said=said, hint=hint)


def look(what: str, check: Check) -> Iterator[Finding]:
    """Return the findings of a check; an error that stops the check is a finding, too."""
    try:
        yield from check()
    except OpsError as error:
        yield wrong(what, error.message, error.hint)
    except (BotoCoreError, ClientError) as error:
        explained = explain(error)
        yield wrong(what, explained.message, explained.hint)
