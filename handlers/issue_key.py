"""The format of a Jira issue key, which this project uses as the id of a story."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

MAX_LENGTH = 255
"""Jira Data Center keeps project keys in 255 characters at most; Jira Cloud allows 10 for the project."""

_SHAPE = re.compile(r"[A-Z][A-Z0-9_]+-[1-9][0-9]*")
"""A project key is two or more upper-case Latin letters, digits or underscores and begins with a letter; issues are
numbered from 1. https://confluence.atlassian.com/adminjiraserver/changing-the-project-key-format-938847081.html"""


def is_issue_key(text: str) -> bool:
    """Return whether the text is an issue key, such as `PROJ-123`."""
    return len(text) <= MAX_LENGTH and _SHAPE.fullmatch(text) is not None


def _checked(text: str) -> str:
    if not is_issue_key(text):
        raise PydanticCustomError("issue_key", 'must be a Jira issue key such as "PROJ-123"')
    return text


# The check, as a JSON schema.
_SCHEMA: dict[str, Any] = {"pattern": f"^{_SHAPE.pattern}$", "maxLength": MAX_LENGTH, "examples": ["PROJ-123"]}

IssueKey = Annotated[str, AfterValidator(_checked), Field(json_schema_extra=_SCHEMA)]
