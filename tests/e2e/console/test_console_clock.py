"""The console shows the sandbox's own time, wherever somebody moved its clock to."""

import json
import urllib.request

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.client import document, story
from tests.e2e.conftest import sandbox
from tests.e2e.console.conftest import DESKTOP, address, visit

pytestmark = pytest.mark.xdist_group("console")

MOVED_SECONDS = 2 * 3600
PATIENCE_SECONDS = 90


def test_what_waits_is_as_old_as_the_sandbox_says(browser: Browser) -> None:
    with sandbox() as aws, visit(browser, address(aws), DESKTOP) as page:
        about = story()
        run = aws.start(document(about))
        run.waiting(about)
        waits = page.get_by_role("listitem").filter(has_text=about)
        expect(waits).to_contain_text("waiting for")
        expect(waits).not_to_contain_text("2 h")
        moved = urllib.request.Request(
            f"{aws.outputs['endpoint_url']}/_holdpoint/clock", data=json.dumps({"seconds": MOVED_SECONDS}).encode()
        )
        urllib.request.urlopen(moved, timeout=PATIENCE_SECONDS).close()
        expect(waits).to_contain_text("2 h")
        page.get_by_role("region", name="Executions").get_by_role("link", name=about).click()
        expect(page.locator(".timeline caption")).to_contain_text("2 h")
