"""A client of the approval page over real HTTP, which checks every answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from handlers.approval import form
from handlers.approval.html import HEADERS
from handlers.links import PATH
from tests.campaigns.hostile.log_lines import check_text
from tests.campaigns.hostile.pages import code_on
from tests.campaigns.hostile.proofs import Header
from tests.campaigns.hostile.wire import exchange, request
from tests.e2e.hold.expenses import Expense

GATEWAY = {400, 404, 405, 408, 413, 414, 429, 431, 501, 505}
"""Codes that the front answers with by itself: what is no request, no route, too much, or another protocol."""


@dataclass(frozen=True)
class Page:
    """One answer, its header names in lower case."""

    code: int
    headers: Mapping[str, str]
    body: str


@dataclass
class Visitor:
    """A person or a program with a link to the page of an expense."""

    expense: Expense
    secrets: Sequence[str]
    token: str

    @property
    def endpoint(self) -> str:
        """Return the URL under which the page of every link is."""
        return f"{self.expense.client.outputs['callback_api_endpoint']}{PATH}"

    def open(self, token: str | None = None, method: str = "GET", headers: Sequence[Header] = ()) -> Page:
        """Open a link, this one or another."""
        return self.send(b"", token, method=method, headers=headers, content_type=None)

    def send(
        self,
        body: Mapping[str, str] | bytes,
        token: str | None = None,
        *,
        method: str = "POST",
        headers: Sequence[Header] = (),
        content_type: str | None = form.CONTENT_TYPE,
    ) -> Page:
        """Send a form, or anything else."""
        data = body if isinstance(body, bytes) else urlencode(body, errors="surrogatepass").encode()
        sent = [*headers, *([("Content-Type", content_type)] if content_type is not None else [])]
        url = self.endpoint + (self.token if token is None else token)
        return self.exchange(request(url, sent, data, method=method), is_head=method == "HEAD")

    def exchange(self, data: bytes, *, is_head: bool = False) -> Page:
        """Send bytes, check the answer, and return it."""
        received = exchange(self.endpoint, data)
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        page = Page(int(status.split(" ")[1]), headers, body.decode())
        assert not (is_head and page.body), "an answer to HEAD with a body"
        self.check(page)
        return page

    def check(self, page: Page) -> None:
        """Raises AssertionError if an answer fails, tells a secret, or lacks a header of the page."""
        assert page.code < 500 or page.code in GATEWAY, page
        check_text("\n".join([*page.headers.values(), page.body]), self.secrets)
        if page.headers["content-type"] == HEADERS["content-type"]:
            assert HEADERS.items() <= page.headers.items(), page.headers
        else:
            assert page.code in GATEWAY, page
        assert not {"set-cookie", "location", "refresh", "access-control-allow-origin"} & page.headers.keys()

    def decision(self, decision: str = "approve", token: str | None = None, **fields: str) -> dict[str, str]:
        """Return the fields that a person sends for a link."""
        code = form.code_of(self.token if token is None else token)
        return {"decision": decision, "code": code, "name": "Ann", "comment": "Seen", **fields}

    def decide(self, decision: str = "approve", **fields: str) -> Page:
        """Do what a person does: read the page, choose, type the digits, send."""
        return self.send({**self.decision(decision), "code": code_on(self.open().body), **fields})

    def has_decided_nothing(self, before: Mapping[str, Any]) -> None:
        """Raises AssertionError if the item has changed or the execution no longer waits."""
        assert self.expense.item == before
        assert self.expense.run.describe()["status"] == "RUNNING"
