"""A browser, as people have it before them: nothing may go wrong in it, and it must ask nobody but the sandbox."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from tests.e2e.client import DEADLINE_SECONDS, Client

DEMANDED = "HOLDPOINT_NEEDS_BROWSER"
"""Set where these tests must not be left out, as in `.ci/run`."""

NAMES = ("chromium", "chromium-browser", "google-chrome")

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

expect.set_options(timeout=DEADLINE_SECONDS * 1000)


# Not of the session: while Playwright runs, no test of this process can run an event loop of its own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Without one the tests are skipped, or fail where they are demanded."""
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
        yield running
        running.close()


@contextmanager
def visit(browser: Browser, address: str, size: ViewportSize, refusal: str | None = None) -> Iterator[Page]:
    """Look at an address. At the end, nothing may have gone wrong, and nobody else have been asked.

    `refusal` is a status that the sandbox is expected to answer with, or why it is expected not to: of both Chromium
    writes an error by itself.
    """
    context = browser.new_context(viewport=size, color_scheme="light")
    context.set_default_timeout(DEADLINE_SECONDS * 1000)
    page = context.new_page()
    wrong: list[str] = []
    asked: set[str] = set()

    def note(message: ConsoleMessage) -> None:
        expected = () if refusal is None else (f"status of {refusal}", f"net::{refusal}")
        is_expected = any(text in message.text for text in expected)
        if message.type in ("error", "warning") and not is_expected:
            wrong.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.goto(address)
    yield page
    context.close()
    assert wrong == []
    assert asked <= {urlsplit(address).netloc}


def address(client: Client, view: str = "") -> str:
    """Where the console is."""
    return f"{client.outputs['endpoint_url']}/_holdpoint/{view}"


def answer(page: Page, about: str, *, label: str = "Done", message: str = "") -> None:
    """Answer a story, and confirm it."""
    page.get_by_role("button", name=f"{label}: {about}").click()
    page.get_by_label("Message").fill(message)
    send = page.get_by_role("button", name=f'Send "{label}"')
    expect(send).to_have_attribute("aria-disabled", "false")
    send.click()


@pytest.fixture
def page(browser: Browser, aws: Client) -> Iterator[Page]:
    """The console on a desk."""
    with visit(browser, address(aws), DESKTOP) as page:
        yield page


@pytest.fixture
def refused(browser: Browser, aws: Client) -> Iterator[Page]:
    """The same, for those who ask for what is refused."""
    with visit(browser, address(aws), DESKTOP, refusal="400") as page:
        yield page


@pytest.fixture
def phone(browser: Browser, aws: Client) -> Iterator[Page]:
    """The console in a hand."""
    with visit(browser, address(aws), PHONE) as page:
        yield page
