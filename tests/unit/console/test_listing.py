"""The list of executions: newest first, filters, pages, and a cache of subjects."""

from typing import Any

import pytest
from werkzeug.test import Client

from console import listing
from handlers.story import Story
from ops.aws import stories
from tests.unit.console.conftest import HERE, StepFunctions


def _list(console: Client, **query: Any) -> dict[str, Any]:
    answer = console.get("/_holdpoint/api/executions", base_url=HERE, query_string=query)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.get_json()
    return content


def _names(answer: dict[str, Any]) -> list[str]:
    return [execution["name"] for execution in answer["executions"]]


def test_newest_execution_is_first_with_all_fields(console: Client, stepfunctions: StepFunctions) -> None:
    stepfunctions.add("one", story="PROJ-1")
    stepfunctions.add("two", status="RUNNING")
    newest, oldest = _list(console)["executions"]
    assert newest["name"] == "two"
    assert (newest["status"], newest["stopped"], newest["subject"]) == ("RUNNING", None, None)
    assert oldest["subject"] == {"kind": "story", "id": "PROJ-1"}
    assert (oldest["machine"], oldest["workflow"]) == ("shop-release", "release")
    assert oldest["stopped"] - oldest["started"] == 1000


def test_rejected_order_has_its_outcome(console: Client, stepfunctions: StepFunctions) -> None:
    for name, outcome in (("good", "CONFIRMED"), ("bad", "REJECTED")):
        stepfunctions.add(name)
        stepfunctions.orders[stepfunctions.executions[-1]["executionArn"]] = outcome
    stepfunctions.add("release", story="PROJ-1")
    for _ in range(2):
        shown = {each["name"]: each["outcome"] for each in _list(console)["executions"]}
        assert shown == {"good": None, "bad": "REJECTED", "release": None}
    assert stepfunctions.described == 2  # once each: what has ended stays as it is


def test_thousand_executions_are_paged(console: Client, stepfunctions: StepFunctions) -> None:
    for number in range(1000):
        stepfunctions.add(f"run-{number}")
    first, last = _list(console), _list(console, page=20)
    assert _names(first) == [f"run-{number}" for number in range(999, 949, -1)]
    assert _names(last) == [f"run-{number}" for number in range(49, -1, -1)]
    assert (first["total"], first["first"], last["first"]) == (1000, 1, 951)
    # Only what is shown is looked up.
    assert stepfunctions.histories_read == 2 * listing.PAGE


def test_page_number_beyond_the_last_returns_the_last(console: Client, stepfunctions: StepFunctions) -> None:
    stepfunctions.add("one")
    for page in (7, 0):
        answer = _list(console, page=page)
        assert (answer["page"], answer["first"]) == (1, 1)


def test_subject_of_an_execution_is_read_once(console: Client, stepfunctions: StepFunctions) -> None:
    stepfunctions.add("one", story="PROJ-1", status="RUNNING")
    stepfunctions.add("two")
    _list(console)
    _list(console)
    assert stepfunctions.histories_read == 2


def test_unknown_subject_is_read_again(console: Client, stepfunctions: StepFunctions) -> None:
    stepfunctions.add("one", status="RUNNING")
    assert _list(console)["executions"][0]["subject"] is None
    stepfunctions.stories[stepfunctions.executions[0]["executionArn"]] = "PROJ-9"
    assert _list(console)["executions"][0]["subject"]["id"] == "PROJ-9"


@pytest.fixture(autouse=True)
def _no_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """Return no stories."""
    monkeypatch.setattr(stories, "of", lambda _target, _story: [])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "proj-1"}, ["b", "a"]),
        ({"q": "PROJ-12"}, ["b"]),
        ({"q": "c"}, ["c"]),
        ({"q": "nothing"}, []),
        ({"status": "FAILED"}, ["b"]),
        ({"status": "FAILED", "q": "SHOP"}, []),
        ({"machine": "shop-release"}, ["c", "b", "a"]),
        ({"machine": "other"}, []),
        ({"machine": "shop-release-express"}, []),
        ({"status": "", "q": "", "machine": "", "page": ""}, ["c", "b", "a"]),
    ],
)
def test_list_is_filtered(
    console: Client, stepfunctions: StepFunctions, query: dict[str, str], names: list[str]
) -> None:
    stepfunctions.add("a", story="PROJ-1")
    stepfunctions.add("b", story="PROJ-12", status="FAILED")
    stepfunctions.add("c", story="SHOP-1")
    answer = _list(console, **query)
    assert (_names(answer), answer["total"], answer["unread"]) == (names, len(names), 0)


def test_releases_of_a_story_are_found_by_the_table(
    console: Client, stepfunctions: StepFunctions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        stepfunctions.add(f"run-{number}", story="PROJ-1" if number == 3 else "PROJ-2")
    item = Story(story_id="PROJ-1", execution_name="run-3", execution_arn="arn")
    monkeypatch.setattr(stories, "of", lambda _target, story: [item] if story == "PROJ-1" else [])
    monkeypatch.setattr(listing, "SEARCH_SECONDS", -1)
    answer = _list(console, q="proj-1")
    assert (_names(answer), answer["unread"]) == (["run-3"], 9)


def test_order_of_an_event_is_found_by_its_name(
    console: Client, stepfunctions: StepFunctions, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepfunctions.add("0a1b_2c3d")
    stepfunctions.add("4e5f_6a7b")
    monkeypatch.setattr(listing, "SEARCH_SECONDS", -1)
    assert _names(_list(console, q="ord-0a1b")) == ["0a1b_2c3d"]


def test_long_search_continues_with_the_next_request(
    console: Client, stepfunctions: StepFunctions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        stepfunctions.add(f"run-{number}", story=f"PROJ-{number}")
    # The clock is looked at in the beginning, and before each execution of which it is not known what it is about.
    ticks = iter(tick / 5 for tick in range(10_000))
    monkeypatch.setattr(listing, "monotonic", lambda: next(ticks))
    first = _list(console, q="PROJ-0")
    assert (_names(first), first["unread"]) == ([], 5)
    second = _list(console, q="PROJ-0")
    assert (_names(second), second["unread"]) == (["run-0"], 0)


@pytest.mark.parametrize("query", [{"page": "two"}, {"page": "-1"}, {"status": "BROKEN"}])
def test_invalid_query_is_refused(console: Client, query: dict[str, str]) -> None:
    answer = console.get("/_holdpoint/api/executions", base_url=HERE, query_string=query)
    assert answer.status_code == 400
    assert next(iter(query.values())) in answer.get_json()["message"]
