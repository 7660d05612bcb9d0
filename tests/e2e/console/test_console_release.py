"""A release in the browser: started by the form, answered by the button, read state by state."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.client import Client, document, done, story
from tests.e2e.console.conftest import DESKTOP, address, answer, visit

pytestmark = pytest.mark.xdist_group("aws")


def _start(page: Page, about: str) -> None:
    page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_label("A release").fill(json.dumps(document(about)))
    page.get_by_role("button", name="Start the release").click()


def _status(page: Page, status: str) -> None:
    expect(page.locator(".summary .pill")).to_have_text(status)


def test_release_is_started_decided_and_shown(page: Page) -> None:
    about = story()
    _start(page, about)
    expect(page.get_by_role("heading", name=about, level=1)).to_be_visible()
    state = page.get_by_role("link", name="Await story, waiting")
    expect(state).to_be_visible()
    expect(page.get_by_role("link", name="Write log, not reached")).to_be_visible()
    _status(page, "running")

    answer(page, about, message="Looks <b>good</b>")
    expect(page.get_by_role("status")).to_contain_text("200 resumed")
    _status(page, "succeeded")
    expect(page.get_by_role("link", name="Await story, done")).to_be_visible()
    expect(page.get_by_role("button", name=f"Done: {about}")).to_have_count(0)

    page.get_by_role("link", name="Await story, done").click()
    expect(page.get_by_role("heading", name="Await story")).to_be_visible()
    details = page.locator(".picked")
    details.get_by_text("Call", exact=False).first.click()
    expect(details).to_contain_text("Looks <b>good</b>")
    expect(details).to_contain_text("[redacted]")
    expect(details).to_contain_text("aws-sdk:dynamodb:updateItem.waitForTaskToken")
    details.get_by_text("Definition").click()
    expect(details.get_by_role("group", name="Definition")).to_contain_text('"TimeoutSeconds"')


@pytest.mark.soak
def test_rejection_fails_the_release(page: Page) -> None:
    about = story()
    _start(page, about)
    answer(page, about, label="Failed")
    _status(page, "failed")
    expect(page.locator(".picked .failure")).to_contain_text("JiraCallbackFailure")
    expect(page.get_by_role("link", name="Await story, failed and caught")).to_be_visible()
    page.locator(".timeline").get_by_role("link", name="Await story").click()
    expect(page.locator(".picked .failure")).to_contain_text("JiraCallbackFailure")


def test_story_can_be_decided_from_the_list(page: Page, aws: Client) -> None:
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    page.get_by_role("link", name=re.compile("^Waiting")).click()
    answer(page, about)
    expect(page.get_by_role("status")).to_contain_text(about)
    assert run.ended()["status"] == "SUCCEEDED"
    expect(page.get_by_role("link", name=about)).to_have_count(0)


@pytest.mark.parametrize("view", ["#/waiting", "#/execution"])
def test_confirmation_shows_the_request_before_sending(page: Page, aws: Client, view: str) -> None:
    about, notes = story(), "Mind the <b>cache</b>. Authorization: Bearer abcdefghijklmnop"
    asked = {"environment": "staging", "requestedBy": "ada@example.com", "notes": notes}
    run = aws.start(document(about, metadata=asked))
    run.waiting(about)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    of = f"?machine={aws.outputs['state_machine_name']}&name={run.name}" if view == "#/execution" else ""
    page.goto(address(aws, view + of))
    for label in ("Done", "Failed"):
        page.get_by_role("button", name=f"{label}: {about}").click()
        dialog = page.get_by_role("dialog", name=f"{label}: {about}?")
        for text in (about, run.name, "web-1", "api-2", "staging", "ada@example.com", "Mind the <b>cache</b>"):
            expect(dialog).to_contain_text(text)
        expect(dialog).not_to_contain_text("abcdefghijklmnop")
        dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).to_have_count(0)
    assert sent == []
    answer(page, about)
    assert run.ended()["status"] == "SUCCEEDED"


def test_dialog_shows_approval_links_only_when_asked(page: Page, aws: Client) -> None:
    about, asked = story(), list[str]()
    run = aws.start(document(about))
    run.waiting(about)
    url = f"{aws.outputs['callback_api_endpoint']}/holds/token"

    def links(route: Route) -> None:
        asked.append(str(route.request.post_data))
        route.fulfill(json={"links": [{"approver": "ann@example.com", "url": url}]})

    # The stack of these tests has no approval page.
    page.route("**/api/approval-page", lambda route: route.fulfill(json={"exists": True}))
    page.route("**/api/links", links)
    page.goto(address(aws, "#/waiting"))
    page.get_by_role("button", name=f"Done: {about}").click()
    button = page.get_by_role("button", name="Show approval links")
    expect(button).to_be_visible()
    assert asked == []
    button.click()
    link = page.get_by_role("link", name="Approval page for ann@example.com")
    expect(link).to_be_focused()
    assert (link.get_attribute("href"), link.get_attribute("rel")) == (url, "noopener noreferrer")
    assert [json.loads(each) for each in asked] == [{"story": about, "name": run.name}]
    page.get_by_role("button", name="Cancel").click()
    page.unroute_all()
    page.get_by_role("button", name=f"Done: {about}").click()
    expect(page.get_by_role("button", name='Send "Done"')).to_have_attribute("aria-disabled", "false")
    expect(page.get_by_role("button", name="Show approval links")).to_have_count(0)
    aws.call_back(done(about))


@pytest.mark.soak
def test_invalid_document_is_refused_before_sending(refused: Page) -> None:
    refused.get_by_role("link", name="Start", exact=True).click()
    refused.get_by_label("A release").fill('{"jiraStoryId": "nonsense", "packageIds": []}')
    refused.get_by_role("button", name="Start the release").click()
    expect(refused.get_by_role("alert").filter(has_text="jiraStoryId")).to_contain_text("packageIds")
    refused.locator("form", has_text="A release").get_by_label("even if it would be refused").check()
    refused.get_by_role("button", name="Start the release").click()
    _status(refused, "failed")
    expect(refused.locator(".picked .failure")).to_contain_text("InvalidInput")


def test_url_reflects_the_current_view(page: Page, aws: Client) -> None:
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    aws.call_back(done(about))
    run.ended()
    page.get_by_label("Story, order or name").fill(about)
    expect(page).to_have_url(re.compile(about))
    page.get_by_role("region", name="Executions").get_by_role("link", name=about, exact=True).click()
    page.get_by_role("link", name="Read input, done").click()
    expect(page.get_by_role("heading", name="Read input")).to_be_visible()
    shown = page.url
    page.go_back()
    expect(page.get_by_role("heading", name="Input and output")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Story, order or name")).to_have_value(about)
    expect(page.get_by_role("row").filter(has_text=about)).to_have_count(1)
    page.goto("about:blank")
    page.goto(shown)
    expect(page.get_by_role("heading", name="Read input")).to_be_visible()


@pytest.mark.soak
def test_typed_search_sends_no_callback(page: Page, aws: Client) -> None:
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    entry = page.get_by_role("region", name="Executions").get_by_role("link", name=about, exact=True)
    expect(entry).to_be_visible()
    # In one go, so that no time passes between typing and leaving; what was to happen a quarter of a second later
    # happens before what is to happen later still.
    stands = page.evaluate(
        """([about, name]) => new Promise((resolve) => {
            const field = document.querySelector("input[type=search]");
            field.value = about;
            field.dispatchEvent(new Event("input"));
            document.querySelector(`.executions a[href$="${name}"]`).click();
            setTimeout(() => resolve(location.hash), 300);
        })""",
        [about, run.name],
    )
    assert run.name in stands
    expect(page.get_by_role("link", name="Await story, waiting")).to_be_visible()


@pytest.mark.soak
def test_log_is_loaded_while_it_is_open(page: Page, aws: Client) -> None:
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    aws.call_back(done(about))
    run.ended()
    run.log()
    page.goto(address(aws, f"#/execution?machine={aws.outputs['state_machine_name']}&name={run.name}"))
    page.get_by_text("Log", exact=True).click()
    expect(page.get_by_role("group", name="execution.log")).to_contain_text(f"Story: {about}")
    expect(page.get_by_role("log")).to_contain_text("callback")


def test_missing_execution_shows_an_error(tab: Page, aws: Client) -> None:
    with visit(tab, address(aws, "#/execution?machine=shop&name=nothing"), DESKTOP, refusal="404") as page:
        expect(page.get_by_role("alert")).to_contain_text("There is no such execution")
        expect(page.get_by_role("region", name="Facts")).to_be_hidden()
        page.get_by_role("alert").get_by_role("link", name="Back to the list").click()
        expect(page.get_by_role("heading", name="Executions", level=1)).to_be_visible()
