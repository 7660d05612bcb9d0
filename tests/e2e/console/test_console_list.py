"""The list of many executions: pages, search, filters and ages."""

import json
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.client import Client, document, eventually, story
from tests.e2e.console.conftest import DESKTOP, PHONE, address, visit
from tests.e2e.control import Control
from tests.stacks import sandbox

pytestmark = [pytest.mark.xdist_group("aws"), pytest.mark.soak]

RUNS, RUNS_AT_LENGTH = 120, 1000
PAGE = 50
CLIENTS = 8
NEEDLE = 83
MOVED_SECONDS = 2 * 3600

# Quick to run, and about something, as the real ones are.
DEFINITION = {
    "QueryLanguage": "JSONata",
    "StartAt": "Read input",
    "States": {
        "Read input": {
            "Type": "Pass",
            "Assign": {"story": "{% $states.input.story %}"},
            "Next": "Well?",
        },
        "Well?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.isGood %}", "Next": "Good"}],
            "Default": "Bad",
        },
        "Good": {"Type": "Succeed"},
        "Bad": {"Type": "Fail", "Error": "Bad"},
    },
}


@pytest.fixture(scope="module")
def runs(at_length: bool) -> int:
    """Return how many executions there are; a tenth of them failed."""
    return RUNS_AT_LENGTH if at_length else RUNS


@pytest.fixture(scope="module")
def busy(runs: int) -> Iterator[Client]:
    """Return a stack with many executions behind it."""
    with sandbox() as client:
        machine = client.stepfunctions.create_state_machine(
            name="many", definition=json.dumps(DEFINITION), roleArn=client.outputs["stepfunctions_execution_role_arn"]
        )["stateMachineArn"]

        def start(number: int) -> None:
            about = {"story": f"MANY-{number}", "isGood": number % 10 != 0}
            client.stepfunctions.start_execution(stateMachineArn=machine, name=f"run-{number}", input=json.dumps(about))

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(start, range(runs)))

        def ended() -> bool | None:
            running = client.stepfunctions.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
            return True if not running["executions"] else None

        eventually(ended, "the end of all of them")
        yield client


@pytest.fixture
def crowded(tab: Page, busy: Client) -> Iterator[Page]:
    """Return the console of that stack."""
    with visit(tab, address(busy), DESKTOP) as page:
        yield page


def test_newest_executions_come_first_and_pages_lead_to_the_oldest(crowded: Page, runs: int) -> None:
    expect(crowded.get_by_text(f"1 to 50 of {runs:,}")).to_be_visible()
    rows = crowded.locator(".executions tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.first).to_contain_text("MANY-")
    crowded.get_by_role("link", name="Older").click()
    expect(crowded.get_by_text(f"51 to 100 of {runs:,}")).to_be_visible()
    last = math.ceil(runs / PAGE)
    crowded.goto(f"{crowded.url.split('#')[0]}#/?page={last}")
    expect(crowded.get_by_text(f"{(last - 1) * PAGE + 1} to {runs:,} of {runs:,}")).to_be_visible()
    expect(crowded.get_by_role("link", name="Older")).to_have_count(0)
    crowded.get_by_role("link", name="Newer").click()
    expect(crowded.get_by_text(f"{(last - 2) * PAGE + 1} to {(last - 1) * PAGE} of {runs:,}")).to_be_visible()


def test_search_finds_an_execution_by_its_story(crowded: Page) -> None:
    crowded.get_by_label("Story, order or name").fill(f"many-{NEEDLE}")
    rows = crowded.locator(".executions tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(f"run-{NEEDLE}")
    crowded.get_by_role("link", name=f"MANY-{NEEDLE}").click()
    expect(crowded.get_by_role("link", name="Good, done")).to_be_visible()


def test_list_is_filtered_by_status_and_workflow(crowded: Page, runs: int) -> None:
    failed = f"1 to {min(runs // 10, PAGE)} of {runs // 10}"
    crowded.get_by_label("Status").select_option(label="failed")
    expect(crowded.get_by_text(failed)).to_be_visible()
    expect(crowded.locator(".executions .pill").first).to_have_text("failed")
    crowded.get_by_label("Workflow").select_option(label="orders")
    expect(crowded.get_by_text("No such execution.")).to_be_visible()
    crowded.get_by_label("Workflow").select_option(label="many")
    expect(crowded.get_by_text(failed)).to_be_visible()


def test_new_execution_appears_without_a_reload(crowded: Page, busy: Client, runs: int) -> None:
    expect(crowded.get_by_text(f"of {runs:,}")).to_be_visible()
    machines = busy.stepfunctions.list_state_machines()["stateMachines"]
    (many,) = (machine["stateMachineArn"] for machine in machines if machine["name"] == "many")
    busy.stepfunctions.start_execution(
        stateMachineArn=many, name="the-latest", input=json.dumps({"story": "MANY-LATEST", "isGood": True})
    )
    expect(crowded.locator(".executions tbody tr").first).to_contain_text("MANY-LATEST")


def test_list_fits_on_a_phone(tab: Page, busy: Client) -> None:
    with visit(tab, address(busy), PHONE) as page:
        expect(page.locator(".executions tbody tr")).to_have_count(50)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


# The last one: what it starts would be counted with the many, and it moves the clock of their stack.
def test_ages_follow_the_clock_of_the_sandbox(crowded: Page, busy: Client) -> None:
    about = story()
    busy.start(document(about)).waiting(about)
    waits = crowded.get_by_role("listitem").filter(has_text=about)
    expect(waits).to_contain_text("waiting for")
    expect(waits).not_to_contain_text("2 h")
    Control(busy).move_clock(MOVED_SECONDS)
    expect(waits).to_contain_text("2 h")
    crowded.get_by_role("region", name="Executions").get_by_role("link", name=about).click()
    expect(crowded.locator(".timeline caption")).to_contain_text("2 h")
