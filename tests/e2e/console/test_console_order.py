"""An order in the browser: submitted by the form, followed to its end."""

import json

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("aws")

OUT_OF_STOCK = {"userId": "test123", "orderData": {"items": [{"productId": "PROD005", "quantity": 1, "price": 149.99}]}}


def _submit(page: Page, order: object = None, *, comes_out: str = "succeeded") -> None:
    page.get_by_role("link", name="Start", exact=True).click()
    if order is not None:
        page.get_by_label("An order").fill(json.dumps(order))
    page.get_by_role("button", name="Submit the order").click()
    expect(page.locator(".summary .pill")).to_have_text(comes_out)


def test_example_order_is_submitted_and_confirmed(page: Page) -> None:
    _submit(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("ord-")
    expect(page.locator(".picked")).to_contain_text('"status": "CONFIRMED"')
    # Inside of the Parallel.
    page.get_by_role("link", name="Take payment, done").click()
    expect(page.locator(".picked")).to_contain_text('"status": "CHARGED"')
    rows = page.locator(".timeline tbody tr")
    expect(rows.first).to_contain_text("Get user")
    expect(page.get_by_role("link", name="Close order, not reached")).to_be_visible()


def test_rejected_order_shows_its_compensation(page: Page) -> None:
    _submit(page, OUT_OF_STOCK, comes_out="rejected")
    expect(page.locator(".summary .pill.tone-good")).to_have_count(0)
    expect(page.locator(".picked")).to_contain_text("REJECTED")
    expect(page.get_by_role("link", name="Reserve stock, failed and caught")).to_be_visible()
    expect(page.get_by_role("link", name="Refund payment, done")).to_be_visible()
    page.get_by_role("link", name="Reserve stock, failed and caught").click()
    expect(page.locator(".picked .failure")).to_contain_text("InsufficientStockError")
    order = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Executions").first.click()
    expect(page.get_by_role("row").filter(has_text=order).locator(".pill")).to_have_text("rejected")


@pytest.mark.soak
def test_invalid_order_is_refused_with_reasons(refused: Page) -> None:
    refused.get_by_role("link", name="Start", exact=True).click()
    refused.get_by_label("An order").fill('{"userId": "u"}')
    refused.get_by_role("button", name="Submit the order").click()
    expect(refused.get_by_role("alert").filter(has_text="orderData")).to_be_visible()
