"""A person, or a scanner, before the approval page: requests of its route, and what is on the page."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from handlers import links
from handlers.approval import form
from handlers.approval.answer import answer
from handlers.callback.resume import Resumption
from handlers.secret import Secret
from tests.unit.handlers.conftest import TOKENS

FORM = "application/x-www-form-urlencoded"


@dataclass
class Elements(HTMLParser):
    """What a browser finds in a page: its elements, its fields with their values, and its text."""

    tags: list[str] = field(default_factory=list)
    inputs: list[dict[str, str | None]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {' '.join(sorted(name for name, _ in attrs))}")
        if tag in ("input", "textarea", "button"):
            self.inputs.append({"tag": tag, **dict(attrs)})

    def handle_data(self, data: str) -> None:
        self.text += data


def elements(body: str) -> Elements:
    """Read a page."""
    found = Elements()
    found.feed(body)
    found.close()
    return found


def code_on(body: str) -> str:
    """Return the digits that a person reads on the page."""
    found = re.search(r'class="code">([0-9]{4})<', body)
    assert found, body
    return found[1]


@dataclass
class Visitor:
    """Somebody who has a link."""

    secret: Secret
    resumption: Resumption
    key: str = TOKENS["approvalLinkKey"]

    def token(self, approver: str | None = None, at: str | None = None) -> str:
        """Return the token of the link that was made for an approver, at a time."""
        story = self.resumption.stories.read("PROJ-1", "run-1")
        assert story
        now = datetime.fromisoformat(at) if at else datetime(2025, 6, 3, 4, 21, tzinfo=UTC)
        [link] = [each for each in links.links_to(story, now) if each.approver == approver]
        return links.url("", link, self.key.encode()).removeprefix(links.PATH)

    def open(self, token: str, method: str = "GET") -> dict[str, Any]:
        """Open the page."""
        return self._send(token, method, {}, "")

    def send(self, token: str, fields: Mapping[str, str] | str, content_type: str = FORM) -> dict[str, Any]:
        """Submit the form."""
        body = fields if isinstance(fields, str) else urlencode(fields)
        return self._send(token, "POST", {"content-type": content_type}, body)

    def decide(self, token: str, decision: str = "approve", **fields: str) -> dict[str, Any]:
        """Do what a person does: read the page, choose, type the digits, send. They may have read it long before."""
        body = self.open(token)["body"]
        code = code_on(body) if 'class="code"' in body else form.code_of(token)
        return self.send(token, {"decision": decision, "code": code, "comment": "", **fields})

    def _send(self, token: str, method: str, headers: dict[str, str], body: str) -> dict[str, Any]:
        event = {
            "routeKey": "ANY /callback/holds/{token}",
            "requestContext": {"http": {"method": method}},
            "pathParameters": {"token": token},
            "headers": headers,
            "body": base64.b64encode(body.encode(errors="surrogatepass")).decode(),
            "isBase64Encoded": True,
        }
        return answer(event, secret=self.secret, resumption=self.resumption)
