"""Accessibility of the console: keyboard, phone, colour scheme, and hostile data."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.client import Client, Run, document, story
from tests.e2e.console.conftest import DESKTOP, PHONE, address, visit

pytestmark = pytest.mark.xdist_group("aws")

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'&lt;"

MOST_KEYS = 60


def _view(run: Run, **more: str) -> str:
    machine = run.arn.split(":")[6]
    return "#/execution?" + "&".join(
        f"{name}={value}" for name, value in {"machine": machine, "name": run.name, **more}.items()
    )


def _focused(page: Page) -> dict[str, Any]:
    """Return the name of the focused element, and whether its focus is visible."""
    found: dict[str, Any] = page.evaluate(
        """() => {
            const element = document.activeElement;
            const own = getComputedStyle(element);
            const shape = element.querySelector(":scope > .shape");
            const isThick = shape && parseFloat(getComputedStyle(shape).strokeWidth) >= 4;
            const isSeen = own.outlineStyle !== "none" || isThick;
            const name = element.getAttribute("aria-label") || element.textContent || element.id;
            return { name: name.trim(), isSeen, tag: element.localName };
        }"""
    )
    return found


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus; all on the way must show that they have it."""
    passed = []
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        focused = _focused(page)
        assert focused["isSeen"], focused
        if name in focused["name"]:
            return
        passed.append(focused["name"])
    raise AssertionError(f"{name} cannot be reached by Tab; there are {passed}")


@pytest.mark.soak
def test_release_needs_no_mouse(page: Page) -> None:
    about = story()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.keyboard.press("Tab")
    assert _focused(page)["name"] == "Skip to the content"
    _tab_to(page, "Start")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Start", level=1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("A release")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(json.dumps(document(about)))
    _tab_to(page, "Start the release")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Done: {about}")).to_be_visible()
    _tab_to(page, f"Done: {about}")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name=f"Done: {about}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message")).to_be_focused()
    expect(page.get_by_role("dialog")).to_contain_text("web-1")
    _tab_to(page, 'Send "Done"')
    expect(page.get_by_role("button", name='Send "Done"')).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("Enter")
    expect(page.locator(".summary .pill")).to_have_text("succeeded")
    # The button is gone, and the focus is not lost with it.
    expect(page.get_by_role("heading", name=about, level=1)).to_be_focused()
    _tab_to(page, "Write result, done")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Write result")).to_be_visible()
    # Redrawn elements keep the focus.
    assert _focused(page)["name"] == "Write result, done"


@pytest.mark.soak
def test_skip_link_leads_to_the_content(page: Page) -> None:
    expect(page.get_by_role("heading", name="Executions")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    expect(page.get_by_role("heading", name="Executions")).to_be_visible()


def test_pages_fit_on_a_phone(phone: Page, aws: Client) -> None:
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    for view, sign in (
        ("#/", "Executions"),
        ("#/waiting", "Waiting"),
        ("#/start", "Start"),
        (_view(run), about),
        (_view(run, state="Await+story"), "Await story"),
    ):
        phone.goto(address(aws, view))
        expect(phone.get_by_role("heading", name=sign).first).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view
    done = phone.get_by_role("button", name=f"Done: {about}")
    box = done.bounding_box()
    assert box
    assert box["height"] >= 36  # a finger's, about
    done.click()
    expect(phone.get_by_role("dialog")).to_contain_text("web-1")
    dialog = phone.get_by_role("dialog").bounding_box()
    assert dialog
    assert dialog["x"] >= 0
    assert dialog["x"] + dialog["width"] <= PHONE["width"]
    assert phone.evaluate("document.querySelector('dialog').scrollWidth") <= dialog["width"]
    phone.get_by_role("button", name='Send "Done"').click()
    expect(phone.locator(".summary .pill")).to_have_text("succeeded")


@pytest.mark.soak
def test_selected_state_scrolls_into_view_on_a_phone(phone: Page, aws: Client) -> None:
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    phone.goto(address(aws, _view(run)))
    phone.locator(".timeline").get_by_role("link", name="Read input").click()
    expect(phone.get_by_role("heading", name="Read input")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colour_scheme_follows_the_system(tab: Page, aws: Client, scheme: Any) -> None:
    with visit(tab, address(aws), DESKTOP) as page:
        page.emulate_media(color_scheme=scheme)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(int(part) for part in background.strip("rgb()").split(",")) / 3
        assert (brightness > 128) is (scheme == "light")


def test_hostile_data_is_shown_as_text(refused: Page, aws: Client) -> None:
    alerts: list[str] = []
    refused.on("dialog", lambda dialog: alerts.append(dialog.message))
    bad = aws.start(document(HOSTILE))
    assert bad.ended()["status"] == "FAILED"
    order = {"userId": HOSTILE, "orderData": {"items": [{"productId": HOSTILE, "quantity": 1, "price": 1}]}}
    arn = aws.stepfunctions.start_execution(
        stateMachineArn=aws.outputs["orders_state_machine_arn"], input=json.dumps(order)
    )["executionArn"]
    rejected = Run(aws, arn)
    rejected.ended()

    refused.goto(address(aws, "#/"))
    expect(refused.get_by_role("link", name=HOSTILE).first).to_be_visible()
    refused.goto(address(aws, _view(bad, state="Register+story")))
    expect(refused.get_by_role("heading", name=HOSTILE)).to_be_visible()
    for each in refused.locator(".picked summary").all():
        each.click()
    refused.goto(address(aws, _view(rejected)))
    expect(refused.locator(".picked")).to_contain_text("<img src=x onerror=alert(1)>")
    refused.goto(address(aws, "#/start"))
    refused.get_by_label("A release").fill(json.dumps({"jiraStoryId": HOSTILE}))
    refused.get_by_role("button", name="Start the release").click()
    expect(refused.get_by_role("alert").filter(has_text="jiraStoryId")).to_be_visible()
    refused.goto(address(aws, f"#/?q={HOSTILE.replace('&', '%26').replace('#', '%23')}"))
    expect(refused.get_by_label("Story, order or name")).to_have_value(HOSTILE)
    assert refused.locator("img[src=x]").count() == 0
    assert refused.locator("main script").count() == 0
    assert alerts == []


def test_unreachable_sandbox_is_reported(tab: Page, aws: Client) -> None:
    with visit(tab, address(aws), DESKTOP, refusal="502") as page:
        page.route("**/api/executions*", lambda route: route.fulfill(status=502, json={"message": "No answer"}))
        page.reload()
        expect(page.get_by_role("alert").filter(has_text="No answer. Trying again")).to_be_visible()
        page.unroute("**/api/executions*")
        expect(page.locator("#trouble")).to_be_hidden()


@pytest.mark.soak
def test_ended_sandbox_is_reported_with_the_start_command(tab: Page, aws: Client) -> None:
    with visit(tab, address(aws), DESKTOP, refusal="ERR_CONNECTION_REFUSED") as page:
        expect(page.get_by_role("heading", name="Executions")).to_be_visible()
        page.route("**/api/**", lambda route: route.abort("connectionrefused"))
        banner = page.get_by_role("alert")
        expect(banner).to_have_count(1)
        expect(banner).to_contain_text("The sandbox has ended: start it again with `python -m sandbox up`")
        page.unroute("**/api/**")
        expect(banner).to_have_count(0)
