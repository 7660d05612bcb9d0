"""The report: one self-contained file of an execution."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ops import report
from tests.e2e.client import Client, Run, document, done, story
from tests.e2e.console.conftest import DESKTOP, PHONE, address, visit

pytestmark = pytest.mark.xdist_group("aws")

ORDER = {"userId": "test123", "orderData": {"items": [{"productId": "PROD001", "quantity": 1, "price": 9.99}]}}


@pytest.fixture(scope="module")
def release(aws: Client) -> tuple[str, str]:
    """Return the story and the ARN of a release that ended well."""
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    aws.call_back(done(about))
    run.ended()
    return about, run.arn


def test_file_shows_graph_timeline_states_and_cost(
    tab: Page, aws: Client, tmp_path: Path, release: tuple[str, str]
) -> None:
    about, arn = release
    file = report.write(aws.aws, arn, tmp_path / "report.html")
    for size in (DESKTOP, PHONE):
        with visit(tab, file.as_uri(), size) as page:
            expect(page.get_by_role("heading", name=about, level=1)).to_be_visible()
            expect(page.locator(".summary .pill")).to_have_text("succeeded")
            expect(page.get_by_role("link", name="Await story, done")).to_be_attached()
            expect(page.locator(".timeline tbody tr")).to_have_count(10)
            expect(page.get_by_role("row", name="total")).to_contain_text("$0.000")
            expect(page.get_by_role("heading", name="Validation", level=3)).to_be_attached()
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_operator_role_is_enough_for_a_report(aws: Client, tmp_path: Path, release: tuple[str, str]) -> None:
    operator = aws.acting_as(aws.outputs["stepfunctions_user_role_arn"])
    order = aws.stepfunctions.start_execution(
        stateMachineArn=aws.outputs["orders_state_machine_arn"], input=json.dumps(ORDER)
    )["executionArn"]
    Run(aws, order).ended()
    for arn in (release[1], order):
        assert arn in report.write(operator.aws, arn, tmp_path / "report.html").read_text(encoding="utf-8")


def test_state_in_the_graph_leads_to_its_details(
    tab: Page, aws: Client, tmp_path: Path, release: tuple[str, str]
) -> None:
    _, arn = release
    file = report.write(aws.aws, arn, tmp_path / "report.html")
    with visit(tab, file.as_uri(), DESKTOP) as page:
        page.get_by_role("link", name="Write result, done").click()
        expect(page.get_by_role("heading", name="Write result")).to_be_in_viewport()


def test_print_shows_all_details(tab: Page, aws: Client, tmp_path: Path, release: tuple[str, str]) -> None:
    _, arn = release
    file = report.write(aws.aws, arn, tmp_path / "report.html")
    with visit(tab, file.as_uri(), DESKTOP) as page:
        assert page.locator("details:not([open])").count() > 0
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == 0


def test_file_contains_no_token(aws: Client, tmp_path: Path) -> None:
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    item = run.item(about)
    assert item
    content = report.write(aws.aws, run.arn, tmp_path / "report.html").read_text(encoding="utf-8")
    assert [secret for secret in (*aws.tokens.values(), item["taskToken"]["S"]) if secret in content] == []
    assert "[redacted]" in content


def test_console_serves_the_same_file(tab: Page, aws: Client, tmp_path: Path, release: tuple[str, str]) -> None:
    about, arn = release
    machine, name = arn.split(":")[6:]
    with visit(tab, address(aws, f"#/execution?machine={machine}&name={name}"), DESKTOP) as page:
        with page.expect_download() as download:
            page.get_by_role("link", name="Report as one HTML file").click()
        assert download.value.suggested_filename.endswith(".html")
        file = tmp_path / "downloaded.html"
        download.value.save_as(file)
    with visit(tab, file.as_uri(), DESKTOP) as opened:
        expect(opened.get_by_role("heading", name=about, level=1)).to_be_visible()
