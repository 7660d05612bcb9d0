"""A browser for the console: no errors, and no requests to other hosts."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, Request, ViewportSize, expect, sync_playwright

from tests.e2e.client import DEADLINE_SECONDS, Client

DEMANDED = "HOLDPOINT_NEEDS_BROWSER"
"""Set where these tests must not be left out, as in `.ci/run`."""

NAMES = ("chromium", "chromium-browser", "google-chrome")

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

expect.set_options(timeout=DEADLINE_SECONDS * 1000)


# Not of the session: while Playwright runs, no test of this process can run an event loop of its own.
@pytest.fixture(scope="package")
def tab() -> Iterator[Page]:
    """Return a tab of the system's Chromium. Without one the tests are skipped, or fail where they are demanded.

    All tests use the same tab, one after the other: a new one takes two seconds of CPU time.
    """
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        reason = "there is no Chromium on this machine: apt-get install chromium, or the like of your system"
        if os.environ.get(DEMANDED):
            pytest.fail(f"{reason} ({DEMANDED} is set)")
        pytest.skip(reason)
    # Chromium's own sandbox does not start for root, as whom a container's tests run.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        tab = running.new_page(reduced_motion="reduce")
        tab.set_default_timeout(DEADLINE_SECONDS * 1000)
        yield tab
        running.close()


@contextmanager
def visit(tab: Page, address: str, size: ViewportSize, refusal: str | None = None) -> Iterator[Page]:
    """Look at an address. At the end, nothing may have gone wrong, and nobody else have been asked.

    `refusal` is a status that the sandbox is expected to answer with, or why it is expected not to: of both Chromium
    writes an error by itself.
    """
    wrong: list[str] = []
    asked: set[str] = set()

    def note(message: ConsoleMessage) -> None:
        expected = () if refusal is None else (f"status of {refusal}", f"net::{refusal}")
        is_expected = any(text in message.text for text in expected)
        if message.type in ("error", "warning") and not is_expected:
            wrong.append(message.text)

    def note_error(error: Error) -> None:
        wrong.append(str(error))

    def note_request(request: Request) -> None:
        asked.add(urlsplit(request.url).netloc)

    tab.set_viewport_size(size)
    tab.emulate_media(color_scheme="light")
    tab.on("console", note)
    tab.on("pageerror", note_error)
    tab.on("request", note_request)
    try:
        tab.goto(address)
        yield tab
    finally:
        tab.remove_listener("console", note)
        tab.remove_listener("pageerror", note_error)
        tab.remove_listener("request", note_request)
        tab.unroute_all()
        # The console keeps nothing in the browser, so that a page that is left leaves nothing.
        tab.goto("about:blank")
    assert wrong == []
    assert asked <= {urlsplit(address).netloc}


def address(client: Client, view: str = "") -> str:
    """The URL of the console."""
    return f"{client.outputs['endpoint_url']}/_holdpoint/{view}"


def answer(page: Page, about: str, *, label: str = "Done", message: str = "") -> None:
    """Answer a story, and confirm it."""
    page.get_by_role("button", name=f"{label}: {about}").click()
    page.get_by_label("Message").fill(message)
    send = page.get_by_role("button", name=f'Send "{label}"')
    expect(send).to_have_attribute("aria-disabled", "false")
    send.click()


@pytest.fixture
def page(tab: Page, aws: Client) -> Iterator[Page]:
    """Return the console on a desk."""
    with visit(tab, address(aws), DESKTOP) as page:
        yield page


@pytest.fixture
def refused(tab: Page, aws: Client) -> Iterator[Page]:
    """Return the same, for those who ask for what is refused."""
    with visit(tab, address(aws), DESKTOP, refusal="400") as page:
        yield page


@pytest.fixture
def phone(tab: Page, aws: Client) -> Iterator[Page]:
    """Return the console in a hand."""
    with visit(tab, address(aws), PHONE) as page:
        yield page
