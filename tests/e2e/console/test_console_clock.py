"""The console shows the sandbox's own time, wherever somebody moved its clock to."""

from playwright.sync_api import Browser, expect

from tests.e2e.client import Client, document, story
from tests.e2e.console.conftest import DESKTOP, address, visit
from tests.e2e.control import Control

MOVED_SECONDS = 2 * 3600


def test_what_waits_is_as_old_as_the_sandbox_says(browser: Browser, breakable: Client) -> None:
    with visit(browser, address(breakable), DESKTOP) as page:
        about = story()
        run = breakable.start(document(about))
        run.waiting(about)
        waits = page.get_by_role("listitem").filter(has_text=about)
        expect(waits).to_contain_text("waiting for")
        expect(waits).not_to_contain_text("2 h")
        Control(breakable).move_clock(MOVED_SECONDS)
        expect(waits).to_contain_text("2 h")
        page.get_by_role("region", name="Executions").get_by_role("link", name=about).click()
        expect(page.locator(".timeline caption")).to_contain_text("2 h")
