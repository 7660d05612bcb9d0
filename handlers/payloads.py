"""Strict reading of JSON from outside: returns a model, or the error in each field."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

MAX_ERRORS = 20
"""Errors that an answer lists; a body with thousands of unknown fields must not make a huge answer."""

MAX_FIELD_LENGTH = 100
"""Characters of a field's name that an answer repeats."""

_NO_OBJECT = "must be a JSON object"

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class FieldError:
    """An error in one field; `field` is a dotted path, or `body` for the whole."""

    field: Annotated[str, Field(max_length=MAX_FIELD_LENGTH)]
    message: str


class PayloadError(Exception):
    """The payload is invalid; `errors` says why."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = errors


def loads(body: bytes) -> Any:
    """Parse JSON (RFC 8259) from UTF-8.

    It also refuses duplicate names (readers differ in which one they take), NaN and Infinity (not JSON), whole
    numbers that are too long and nesting that is too deep.

    Raises:
        PayloadError: the body is not such JSON; its one error is on `body`.
    """
    if not body.strip():
        raise _wrong("is empty; send a JSON object")
    try:
        return json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _wrong(f"is not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise _wrong(f"is not JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise _wrong("is nested too deeply") from None
    except ValueError:
        # Python reads whole numbers of up to 4,300 digits: sys.get_int_max_str_digits().
        raise _wrong("holds a number that is too long") from None


def validated(model: type[Model], value: Any, *, within: str = "") -> Model:
    """Build a `model` from parsed JSON; `within` is the dotted path of `value` in its document.

    Raises:
        PayloadError: with at most `MAX_ERRORS` errors; no message repeats a value that was sent.
    """
    if not isinstance(value, dict):
        raise PayloadError(FieldError(within or "body", _NO_OBJECT))
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise PayloadError(
            *(FieldError(_path(within, each["loc"]), _said(each)) for each in found[:MAX_ERRORS])
        ) from None


def _said(error: ErrorDetails) -> str:
    # Pydantic's own text names an internal class.
    return _NO_OBJECT if error["type"] == "model_type" else error["msg"]


def _path(within: str, location: tuple[int | str, ...]) -> str:
    path = ".".join(part for part in (within, *map(str, location)) if part)
    return path[:MAX_FIELD_LENGTH] or "body"


def _wrong(message: str) -> PayloadError:
    return PayloadError(FieldError("body", message))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, each in pairs:
        if name in value:
            raise PayloadError(FieldError(_path("", (name,)), "is given twice"))
        value[name] = each
    return value


def _no_constant(name: str) -> NoReturn:
    raise _wrong(f"holds {name}, which is not JSON")
