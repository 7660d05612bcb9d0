"""The approval page in a browser: on a phone, with scripts off, and in another site's frame."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from handlers.approval.answer import answer
from handlers.http_api import Response
from handlers.links import PATH
from handlers.secret import secret
from tests.e2e.console.conftest import PHONE
from tests.unit.handlers.approving import Visitor
from tests.unit.handlers.conftest import cloud, environment, get_item, put_waiting
from tests.unit.handlers.test_resume import Bench, bench

__all__ = ["bench", "cloud", "environment"]

pytestmark = pytest.mark.xdist_group("aws")
"""The group of the console's tests, whose browser this one uses."""

SCRIPT = "<script>document.body.innerHTML = ''</script>"


@contextmanager
def served(visitor: Visitor) -> Iterator[str]:
    """Serve the page as the API does, and a page of another site that frames it."""

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/frame"):
                framed = f'<iframe src="http://127.0.0.1:{port}{PATH}{visitor.token()}"></iframe>'
                self._reply({"statusCode": 200, "headers": {"content-type": "text/html"}, "body": framed})
            else:
                self._page("GET")

        def do_POST(self) -> None:
            self._page("POST")

        def log_message(self, *_arguments: object) -> None:
            """Write no log."""

        def _page(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            event = {
                "requestContext": {"http": {"method": method}},
                "pathParameters": {"token": self.path.removeprefix(PATH)},
                "headers": dict(self.headers),
                "body": body,
            }
            self._reply(answer(event, secret=visitor.secret, resumption=visitor.resumption))

        def _reply(self, response: Response) -> None:
            self.send_response(response["statusCode"])
            for name, value in response["headers"].items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response["body"].encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Front) as server:
        port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}"
        server.shutdown()


@pytest.fixture
def visitor(bench: Bench) -> Visitor:
    put_waiting(
        title=f"Release 2.1 to production {SCRIPT}",
        details="web-shop-1.8.2, checkout-4.1.3\nRisk: low\n" + "a" * 300,
        requester="eve@example.com",
        endsAt="2025-06-03T06:35:00.000Z",
    )
    return Visitor(secret(), bench.resumption())


@contextmanager
def on_a_phone_without_scripts(tab: Page) -> Iterator[Page]:
    """Give the tab a phone's size and switch its scripts off. A context of its own would cost 3 s of CPU time more."""
    session = tab.context.new_cdp_session(tab)
    tab.set_viewport_size(PHONE)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        tab.goto("data:text/html,<script>document.title = 'scripts run'</script>")
        assert tab.title() == ""
        yield tab
    finally:
        session.send("Emulation.setScriptExecutionDisabled", {"value": False})
        session.detach()


def test_a_person_decides_on_a_phone_with_scripts_off(tab: Page, visitor: Visitor, bench: Bench) -> None:
    with served(visitor) as site, on_a_phone_without_scripts(tab) as page:
        page.goto(f"{site}{PATH}{visitor.token()}")
        expect(page.get_by_role("heading")).to_contain_text(SCRIPT)
        for control in page.locator("input, textarea, button, dd").all():
            box = control.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
        page.get_by_label("Your name").fill("Ann")
        page.get_by_label("Comment").fill("Tests are green")
        page.get_by_label("The four digits").fill(page.locator(".code").inner_text())
        # Without a choice the browser sends nothing, whatever a person presses.
        page.get_by_label("The four digits").press("Enter")
        assert bench.workflow.resumed == []
        page.get_by_label("Approve").check()
        page.get_by_role("button").click()
        expect(page.get_by_role("heading")).to_have_text("You approved this")
        assert [(sent.status, sent.decider) for _, sent in bench.workflow.resumed] == [("success", "Ann")]
        page.go_back()
        page.goto(f"{site}{PATH}{visitor.token()}")
        expect(page.get_by_role("main")).to_contain_text("Tests are green")


@pytest.mark.soak
def test_no_site_frames_the_page_and_no_script_of_a_text_runs(tab: Page, visitor: Visitor) -> None:
    with served(visitor) as site:
        tab.goto(f"{site.replace('127.0.0.1', 'localhost')}/frame")
        [frame] = tab.main_frame.child_frames
        assert frame.url.startswith("chrome-error:")
        tab.goto(f"{site}{PATH}{visitor.token()}")
        expect(tab.get_by_role("heading")).to_contain_text(SCRIPT)
        assert tab.evaluate("document.scripts.length") == 0
        assert tab.evaluate("getComputedStyle(document.querySelector('button')).width") != "auto"


FILL = """([choice, word]) => {
    for (const element of document.querySelectorAll("main *:not(button)")) element.click()
    for (const field of document.forms[0].elements) {
        if (field.type === "radio") field.checked = field.value === choice
        else if (field.name) field.value = word
        field.dispatchEvent(new Event("change", {bubbles: true}))
    }
}"""
WAYS = ("submit()", "requestSubmit()", "querySelector('button').click()")


@pytest.mark.soak
def test_scanner_that_runs_scripts_and_submits_forms_decides_nothing(tab: Page, visitor: Visitor, bench: Bench) -> None:
    before = get_item()
    with served(visitor) as site:
        address = f"{site}{PATH}{visitor.token()}"
        for choice in ("", "approve", "reject"):
            for word in ("", "test", "1234", "0000", choice or "on"):
                for way in WAYS if choice and word else WAYS[:1]:
                    tab.goto(address)
                    tab.evaluate(FILL, [choice, word])
                    with tab.expect_navigation():
                        tab.evaluate(f"document.forms[0].{way}")
                    expect(tab.get_by_role("alert").first).to_be_visible()
    assert bench.workflow.resumed == []
    assert get_item() == before
