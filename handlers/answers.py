"""Answers of the HTTP APIs: one class each, from which docs/openapi.json is generated."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from handlers.payloads import MAX_ERRORS, FieldError

RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer: `status` is for programs, `message` for people; `code` is the HTTP status.

    Answers are dataclasses without validation: the text that they repeat from a request may hold any character.
    """

    code: ClassVar[int]
    headers: ClassVar[Mapping[str, str]] = {}

    status: str
    message: str

    def as_json(self) -> dict[str, Any]:
        """Return the body."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Invalid(Answer):
    """The body is invalid; `errors` names the mistake in each field."""

    code: ClassVar[int] = 400
    status: Literal["invalid"] = "invalid"
    errors: Annotated[list[FieldError], Field(min_length=1, max_length=MAX_ERRORS)]


@dataclass(frozen=True, kw_only=True)
class Unauthorized(Answer):
    """The caller is not authenticated. The function read nothing, and the answer gives no reason."""

    code: ClassVar[int] = 401
    headers: ClassVar[Mapping[str, str]] = {"www-authenticate": "Bearer"}
    status: Literal["unauthorized"] = "unauthorized"
    message: str = "Send a valid Authorization: Bearer token"


@dataclass(frozen=True, kw_only=True)
class Failed(Answer):
    """An error of the function; its log has the cause."""

    code: ClassVar[int] = 500
    status: Literal["error"] = "error"
    message: str = "The call failed here; send it again"


@dataclass(frozen=True, kw_only=True)
class Unavailable(Answer):
    """AWS did not answer in time; the same call may work in a moment."""

    code: ClassVar[int] = 503
    headers: ClassVar[Mapping[str, str]] = {"retry-after": str(RETRY_AFTER_SECONDS)}
    status: Literal["unavailable"] = "unavailable"
    message: str = "Try again in a moment"
