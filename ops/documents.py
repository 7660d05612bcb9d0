"""Checks of documents, field by field, as the workflows will check them."""

import sys
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from asl.release.document import MAX_DOCUMENT_BYTES
from handlers.issue_key import IssueKey
from handlers.orders.fields import MAX_LINES, Identifier, OrderId, Payload, PricedLine
from handlers.payloads import FieldError, PayloadError, loads, validated
from ops.errors import UsageError

MAX_INPUT_BYTES = 262_144
"""The largest input of an execution. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""

Model = TypeVar("Model", bound=BaseModel)


class ReleaseDocument(BaseModel):
    """A document that `asl/release/document.py` accepts; it may have more fields."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True, strict=True)

    jiraStoryId: IssueKey  # noqa: N815 - the contract's name
    packageIds: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]  # noqa: N815 - as above
    metadata: dict[str, Any] = {}


class Ordered(Payload):
    """The lines of an order, as the order service checks them."""

    items: Annotated[list[PricedLine], Field(min_length=1, max_length=MAX_LINES)]


class Order(Payload):
    """The detail of an order's event."""

    order_id: OrderId | None = None
    user_id: Identifier
    order_data: Ordered


def read(file: Path) -> bytes:
    """Return the content of a file, or of standard input for `-`.

    Raises:
        UsageError: it cannot be read.
    """
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def check_release(content: bytes, name: str) -> ReleaseDocument:
    """Read a release's document.

    Raises:
        UsageError: it is none; says why, field by field.
    """
    if len(content) > MAX_DOCUMENT_BYTES:
        raise _refused(name, FieldError("body", f"has {len(content)} bytes; at most {MAX_DOCUMENT_BYTES} are read"))
    return _check(ReleaseDocument, content, name)


def check_order(content: bytes, name: str) -> Order:
    """Read an order.

    Raises:
        UsageError: it is none; says why, field by field.
    """
    if len(content) > MAX_INPUT_BYTES:
        raise _refused(name, FieldError("body", f"has {len(content)} bytes; at most {MAX_INPUT_BYTES} can be sent"))
    return _check(Order, content, name)


def check_input(content: bytes) -> str:
    """Return the input for an execution of a workflow whose input this program does not know.

    Raises:
        UsageError: it is not JSON, or too large.
    """
    if len(content) > MAX_INPUT_BYTES:
        raise UsageError(f"The input has {len(content)} bytes; Step Functions takes {MAX_INPUT_BYTES}")
    try:
        loads(content)
    except PayloadError as error:
        raise UsageError(f"The input {error.errors[0].message}") from None
    return content.decode()


def _check(model: type[Model], content: bytes, name: str) -> Model:
    try:
        return validated(model, loads(content))
    except PayloadError as error:
        raise _refused(name, *error.errors) from None


def _refused(name: str, *errors: FieldError) -> UsageError:
    lines = "".join(f"\n  {error.field}: {error.message}" for error in errors)
    return UsageError(f"{name} would be refused:{lines}", "Correct it, or send it all the same with --no-check")
