"""`python -m tools.pictures [FOLDER]`: takes the pictures of docs/images, or writes them to another folder.

They show the console, the approval page and a report. It needs Chromium, and starts its own sandbox.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

import sandbox
from console.actions import Actions
from console.stack import Stack
from ops import report
from ops.aws import stories
from ops.history import executions
from ops.history.executions import Execution

IMAGES = Path(__file__).parents[1] / "docs" / "images"
EXAMPLE = Path(__file__).parents[1] / "examples" / "workflow-input.json"

PORT = 4566
"""The default port of a sandbox, because the pictures show addresses."""

CONFIG = {"mockDelaySeconds": 2, "approvalLinks": True}
"""A delay, so that the timeline shows bars, and an approval page."""

WIDE: ViewportSize = {"width": 1280, "height": 1330}
LIST: ViewportSize = {"width": 1280, "height": 800}
DIALOG: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 844}

DEADLINE_SECONDS = 60
NAMES = ("chromium", "chromium-browser", "google-chrome")

T = TypeVar("T")


class Scene:
    """A stack in which executions have ended and others wait."""

    def __init__(self, aws: Any) -> None:
        self.console = f"{aws.endpoint_url}/_holdpoint/"
        self._stack = Stack(aws.endpoint_url, aws.client, lambda: aws.outputs)
        self._actions = Actions(self._stack)

    def play(self) -> None:
        """Run releases and orders; PROJ-12345 and SHOP-902 wait at the end."""
        self.done = self.decided("SHOP-881", "done")
        self.order("web-20417", quantity=2)
        self.decided("PAY-204", "failed")
        self.order("web-20418", quantity=100_000)
        self.release("SHOP-902")
        self.order("web-20419", quantity=1)
        self.waiting = self.release("PROJ-12345")

    def release(self, story: str) -> dict[str, Any]:
        """Start a release; return its state machine and name when it waits."""
        document = {**json.loads(EXAMPLE.read_text(encoding="utf-8")), "jiraStoryId": story}
        started = self._actions.release({"document": json.dumps(document)})
        _until(lambda: story in [wait.story_id for wait in stories.waiting(self._stack.target)])
        return started

    def decided(self, story: str, status: str) -> Execution:
        """Run a release to its end."""
        started = self.release(story)
        self._actions.call_back({"story": story, "status": status, "message": "Tests are green"})
        return self._ended(started)

    def order(self, order_id: str, *, quantity: int) -> None:
        """Run an order to its end."""
        items = [{"productId": "PROD001", "quantity": quantity, "price": 29.99}]
        detail = {"userId": "test123", "orderId": order_id, "orderData": {"items": items}}
        self._ended(self._actions.order({"document": json.dumps(detail), "isChecked": False}))

    def report(self, folder: Path) -> Path:
        """Write the report of the release that was approved."""
        return report.write(self._stack.client, self.done.arn, folder / "report.html")

    def link(self) -> str:
        """Return the link to the approval page of the release that waits."""
        made = self._actions.links({"story": "PROJ-12345", "name": self.waiting["name"]})
        return str(made["links"][0]["url"])

    def _ended(self, started: Mapping[str, Any]) -> Execution:
        [machine] = [arn for arn in self._stack.workflows() if arn.endswith(f":{started['machine']}")]
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{started['name']}"

        def look() -> Execution | None:
            found = executions.describe(self._stack.target, arn)
            return found if found and found.status != "RUNNING" else None

        return _until(look)


def _until(look: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing happened for {DEADLINE_SECONDS} s")
        time.sleep(0.1)
    return found


@contextmanager
def _page(browser: Browser, size: ViewportSize, scale: int = 1) -> Iterator[Page]:
    page = browser.new_page(viewport=size, device_scale_factor=scale, reduced_motion="reduce", color_scheme="light")
    yield page
    page.close()


def take(browser: Browser, scene: Scene, folder: Path) -> None:
    """Take every picture."""

    def save(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    execution = f"{scene.console}#/execution?machine={scene.waiting['machine']}&name={scene.waiting['name']}"
    with _page(browser, LIST) as page:
        page.goto(scene.console)
        expect(page.get_by_role("row")).to_have_count(8)
        save(page, "console-list")
    with _page(browser, WIDE) as page:
        page.goto(f"{execution}&state=Validation")
        page.locator(".picked").get_by_text("Call", exact=False).first.click()
        save(page, "console-execution")
    with _page(browser, DIALOG) as page:
        page.goto(execution)
        page.get_by_role("button", name="Done: PROJ-12345").click()
        page.get_by_label("Message").fill("Tests are green")
        expect(page.get_by_role("button", name="Show approval links")).to_be_visible()
        expect(page.get_by_role("button", name='Send "Done"')).to_have_attribute("aria-disabled", "false")
        save(page, "console-dialog")
    with _page(browser, PHONE, scale=2) as page:
        page.goto(execution)
        expect(page.get_by_role("button", name="Done: PROJ-12345")).to_be_visible()
        save(page, "console-phone")
        page.goto(scene.link())
        save(page, "approval-page")
    with _page(browser, WIDE) as page, TemporaryDirectory() as written:
        page.goto(scene.report(Path(written)).as_uri())
        save(page, "report")


def main() -> None:
    """Take the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        sys.exit("there is no Chromium on this machine: apt-get install chromium, or the like of your system")
    # Chromium's own sandbox does not start as root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sandbox.running("dev", CONFIG, PORT if folder == IMAGES else 0) as aws:
        scene = Scene(aws)
        scene.play()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=arguments)
            take(browser, scene, folder)
            browser.close()


if __name__ == "__main__":
    main()
