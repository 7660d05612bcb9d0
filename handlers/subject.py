"""The format of a hold's subject: an issue key, an order's id, or any other key."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from facts import MAX_SUBJECT_LENGTH, SUBJECT_PATTERN

_SHAPE = re.compile(SUBJECT_PATTERN)


def is_subject(text: str) -> bool:
    """Return whether the text is a subject, such as `expense-42`."""
    return len(text) <= MAX_SUBJECT_LENGTH and _SHAPE.fullmatch(text) is not None


def _checked(text: str) -> str:
    if not is_subject(text):
        raise PydanticCustomError(
            "subject",
            f'must be a key such as "expense-42": at most {MAX_SUBJECT_LENGTH} letters, digits and . _ : @ -',
        )
    return text


# The check, as a JSON schema.
_SCHEMA: dict[str, Any] = {
    "pattern": f"^{SUBJECT_PATTERN}$",
    "maxLength": MAX_SUBJECT_LENGTH,
    "examples": ["expense-42"],
}

Subject = Annotated[str, AfterValidator(_checked), Field(json_schema_extra=_SCHEMA)]
