"""The form of the approval page, which only a person can submit.

Mail scanners open links, and some of them submit forms with the values that they find. So no value on the form is
enough to decide: no choice is preset, and the confirmation code is text that a person has to type.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from handlers.story import Decision

CONTENT_TYPE = "application/x-www-form-urlencoded"

MAX_FORM_BYTES = 32 * 1024
"""Room for the longest comment, each of its characters percent-encoded as four bytes."""

MAX_COMMENT_LENGTH = 2_000

MAX_NAME_LENGTH = 255
"""The limit of `decider` in the callback API."""

_FIELDS = ("decision", "comment", "name", "code")

_DECISIONS: dict[str, Decision] = {"approve": "success", "reject": "failure"}


@dataclass(frozen=True, kw_only=True)
class Form:
    """A sent form. `errors` has a text for people by the name of a field; without errors, `decision` is set."""

    decision: Decision | None = None
    comment: str = ""
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def code_of(token: str) -> str:
    """Return the four digits that a person types to confirm. They differ from link to link."""
    digest = hashlib.sha256(b"confirmation code\n" + token.encode(errors="replace")).digest()
    return f"{int.from_bytes(digest[:8]) % 10_000:04}"


def read(body: bytes, *, code: str, needs_name: bool) -> Form:
    """Read the body of a form. A field that is sent twice, or that is not of the form, is an error."""
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=len(_FIELDS))
    except ValueError:
        return Form(errors={"decision": "The form has other fields than this page"})
    sent = {name: value.replace("\r\n", "\n").strip() for name, value in pairs}
    if len(sent) < len(pairs) or not sent.keys() <= set(_FIELDS):
        return Form(errors={"decision": "The form has other fields than this page"})
    decision, comment, name = _DECISIONS.get(sent.get("decision", "")), sent.get("comment", ""), sent.get("name", "")
    # A browser sends no line breaks here: a name must not look like further lines of the record.
    name = " ".join(name.split())
    errors = {
        "decision": "Choose to approve or to reject" if decision is None else "",
        "comment": f"At most {MAX_COMMENT_LENGTH} characters" if len(comment) > MAX_COMMENT_LENGTH else "",
        "name": _error_of_name(name) if needs_name else "",
        "code": ""
        if hmac.compare_digest(sent.get("code", "").replace(" ", "").encode(errors="replace"), code.encode())
        else "Type the four digits that the page shows",
    }
    return Form(
        decision=decision,
        comment=comment[:MAX_COMMENT_LENGTH],
        name=name[:MAX_NAME_LENGTH],
        errors={field: error for field, error in errors.items() if error},
    )


def _error_of_name(name: str) -> str:
    if not name:
        return "Say who you are"
    return f"At most {MAX_NAME_LENGTH} characters" if len(name) > MAX_NAME_LENGTH else ""
