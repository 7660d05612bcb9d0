"""docs/openapi.json: a valid OpenAPI document of the program's routes, with every answer of the code."""

import json
from typing import Any, get_args

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from handlers.answers import Answer
from handlers.callback import answers
from handlers.callback.bodies import Ignored, parse
from handlers.callback.status_names import StatusNames
from handlers.mock_apis.answering import Api
from handlers.payloads import PayloadError
from tests import contract
from tests.unit.recorded_program import ROOT, recorded
from tools.docs import api_examples, api_page, openapi

PATHS = ("/callback", *(f"/{api}" for api in get_args(Api)))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the generated document."""
    return openapi.document()


def _responses(document: dict[str, Any], path: str) -> dict[str, Any]:
    responses: dict[str, Any] = document["paths"][path]["post"]["responses"]
    return responses


def _examples(response: dict[str, Any]) -> dict[str, Any]:
    examples: dict[str, Any] = response["content"]["application/json"]["examples"]
    return {name: example["value"] for name, example in examples.items()}


def test_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_validator_rejects_an_invalid_document(document: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(document))
    broken["paths"]["/callback"]["post"]["responses"]["200"].pop("description")
    assert list(OpenAPIV31SpecValidator(broken).iter_errors())


def test_paths_are_the_routes_of_the_program(document: dict[str, Any]) -> None:
    routes = {route.inputs["routeKey"] for route in recorded("dev").all("apigatewayv2/route:Route")}
    assert {f"POST {path}" for path in document["paths"]} == routes
    assert tuple(document["paths"]) == PATHS


def test_document_has_every_answer_of_the_callback_api(document: dict[str, Any]) -> None:
    kinds = _every_kind(Answer, "handlers.callback.answers") | _every_kind(Answer, "handlers.answers")
    assert kinds - {answers.Offered, answers.Decided} == set(answers.EVERY_ANSWER)
    for kind in answers.EVERY_ANSWER:
        assert kind.__name__ in _examples(_responses(document, "/callback")[str(kind.code)])


def _every_kind(kind: type[Answer], module: str) -> set[type[Answer]]:
    found = {each for each in kind.__subclasses__() if each.__module__ == module}
    return found.union(*(_every_kind(each, module) for each in kind.__subclasses__()))


@pytest.mark.parametrize("path", PATHS)
def test_every_example_fits_its_schema(document: dict[str, Any], path: str) -> None:
    for code, response in _responses(document, path).items():
        examples = _examples(response)
        assert len(examples) >= len(response["content"]["application/json"]["schema"].get("anyOf", [None]))
        for example in examples.values():
            contract.check_answer(path, int(code), response.get("headers", {}), example)
    content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    for example in content["examples"].values():
        assert contract.takes(path, example["value"])


@pytest.mark.parametrize(
    ("path", "code", "body"),
    [
        ("/callback", 418, {"status": "teapot", "message": "x"}),
        ("/callback", 404, {"status": "gone", "message": "x", "jiraStoryId": "PROJ-1", "executions": []}),
        ("/callback", 404, {"status": "not-found", "message": "x", "jiraStoryId": "PROJ-1"}),
        (
            *("/callback", 200),
            {"status": "resumed", "message": "x", "jiraStoryId": "PROJ-1", "executions": [], "decision": "success"},
        ),
        ("/callback", 200, {"status": "ignored", "message": "x", "jiraStoryId": None, "taskToken": "x"}),
        ("/callback", 400, {"status": "invalid", "message": "x", "errors": []}),
        ("/callback", 401, {"status": "unauthorized", "message": "without its header"}),
        ("/validation", 200, {"status": "WARNING", "message": "x", "jiraStoryId": "PROJ-1"}),
        ("/validation", 429, {"status": "busy"}),
    ],
)
def test_unknown_answer_is_refused(path: str, code: int, body: Any) -> None:
    with pytest.raises(AssertionError):
        contract.check_answer(path, code, {}, body)


def test_recorded_events_of_jira_fit_the_document() -> None:
    for name in (
        "jira_issue_updated",
        "jira_project_updated",
        "jira_post_function",
        "jira_issue_moved",
        "automation_jira_format",
        "automation_automation_format",
    ):
        body = json.loads((ROOT / api_examples.EVENTS / f"{name}.json").read_text(encoding="utf-8"))
        assert contract.takes("/callback", body), name


@pytest.mark.parametrize(
    "body",
    [
        {"jiraStoryId": "PROJ-1", "message": "Go"},
        {"jiraStoryId": "PROJ-1", "message": "Go", "status": None},
        {"jiraStoryId": "PROJ-1", "message": "Go", "status": "done"},
        {"jiraStoryId": "PROJ-1", "message": "Go", "status": True},
        {"jiraStoryId": "PROJ-1", "message": "Go", "taskToken": "x"},
        {"jiraStoryId": "PROJ-1", "message": " "},
        {"jiraStoryId": "PROJ-1", "message": "x" * 40_000},
        {"jiraStoryId": "proj-1", "message": "Go"},
        {"jiraStoryId": "PROJ-0", "message": "Go"},
        {"jiraStoryId": "A" * 300 + "-1", "message": "Go"},
        {"message": "Go"},
        {},
        [],
        {"issue": 1},
        {"issue": {"key": "PROJ-1"}},
        {"issue": {"key": "PROJ-1", "fields": {"status": {"name": "Done"}}}},
        {"key": "PROJ-1", "fields": {"status": {"name": "Done", "id": "3"}}, "changelog": []},
        {"key": "PROJ-1", "fields": {"status": {}}},
        {"transition": {"to_status": "Done"}, "issue": {"key": "PROJ-1"}},
        {"transition": {"to_status": " "}, "issue": {"key": "PROJ-1"}},
        {"transition": {}, "issue": {"key": "PROJ-1"}},
        {"webhookEvent": 1},
        {"webhookEvent": "project_updated"},
        {"webhookEvent": "jira:issue_updated", "issue": None},
        {"webhookEvent": "jira:issue_updated", "issue": {"key": "x"}},
    ],
    ids=str,
)
def test_document_accepts_what_the_code_accepts(body: Any) -> None:
    try:
        taken = parse(json.dumps(body).encode(), names=StatusNames.of(["Done"], []), at="") is not None
    except PayloadError:
        taken = False
    assert contract.takes("/callback", body) == taken


def test_event_without_an_issue_is_ignored() -> None:
    (ignored,) = [answer for answer in api_examples.answers_to_callbacks() if isinstance(answer, answers.Ignored)]
    body = json.loads((ROOT / api_examples.EVENTS / "jira_project_updated.json").read_bytes())
    assert parse(json.dumps(body).encode(), names=StatusNames.of([], []), at="") == Ignored(ignored.message)


def test_page_has_every_status_code_header_and_file() -> None:
    page = api_page.page()
    for kind in answers.EVERY_ANSWER:
        status = next(answer.status for answer in api_examples.answers_to_callbacks() if type(answer) is kind)
        assert f"| {kind.code} | `{status}` | " in page
    for text in ("X-Hub-Signature", "X-Atlassian-Webhook-Identifier", "`retry-after`", "jira_issue_updated.json"):
        assert text in page
    assert "| 429 | (none) | More requests than `throttleRateLimit`" in page
    assert "`issue.fields.status.name` | required | string" in page
