"""A person, or a scanner, before the approval page: requests of its route."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from handlers import links
from handlers.approval import form
from handlers.approval.answer import answer
from handlers.decisions.resume import Resumption
from handlers.secret import Secret
from tests.campaigns.hostile.pages import code_on
from tests.unit.handlers.conftest import TOKENS

FORM = "application/x-www-form-urlencoded"


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
