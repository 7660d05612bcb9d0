"""Examples of the APIs: real requests from tests/events, and the answers of the handlers' own code."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from handlers.answers import Answer, Failed, Invalid, Unauthorized, Unavailable
from handlers.callback import answers, bodies, formats
from handlers.callback.status_names import StatusNames
from handlers.decisions.resume import Outcome, Result
from handlers.mock_apis.answering import Api, Decision, Release
from handlers.mock_apis.deployment import deploy
from handlers.mock_apis.notification import notify
from handlers.mock_apis.validation import validate
from handlers.payloads import PayloadError, validated
from handlers.story import Callback

EVENTS = Path("tests", "events")
"""Relative to the project's root, where readers run the commands of docs/api.md."""

_ROOT = Path(__file__).parents[2]

DECIDE: Mapping[Api, Callable[[Release], Decision]] = {
    "validation": partial(validate, on_demand=True),
    "deployment": partial(deploy, on_demand=True),
    "notification": notify,
}


@dataclass(frozen=True, kw_only=True)
class Request:
    """A body, and its file. Jira's bodies are long, so only the parts that are read are shown."""

    model: type[BaseModel]
    value: dict[str, Any]
    file: Path | None = None


def callbacks() -> list[Request]:
    """Return a callback in each format."""
    files: dict[type[BaseModel], str] = {
        formats.Webhook: "jira_issue_updated",
        formats.PostFunction: "jira_post_function",
        formats.JiraFormat: "automation_jira_format",
        formats.AutomationFormat: "automation_automation_format",
    }
    own = Request(model=formats.OwnBody, value=_body("http_api_callback"))
    decision = {"message": "Within the budget", "status": "success", "decider": "ann@example.com"}
    subject = Request(model=formats.SubjectBody, value={"subject": "expense-42", **decision})
    return [own, subject, *(_as_read(model, EVENTS / f"{name}.json") for model, name in files.items())]


def release() -> Request:
    """Return the request of the workflow to each API."""
    return Request(model=Release, value=_body("http_api_validation"))


def answers_to_callbacks() -> list[Answer]:
    """Return every answer of the callback API."""
    story = _body("http_api_callback")["jiraStoryId"]
    execution = _event("execution_succeeded")["detail"]["name"]
    callback = Callback(jira_story_id=story, status="success", message="Go", completed_at="")
    decided = {outcome for outcome, kind in answers.OFFERED.items() if issubclass(kind, answers.Decided)}
    results = [
        Result(outcome, [] if outcome is Outcome.NOT_FOUND else [execution], "success" if outcome in decided else None)
        for outcome in answers.OFFERED
    ]
    contradicted = Result(Outcome.ALREADY_RESUMED, [execution], "failure")
    others = [
        _ignored(),
        _invalid(lambda: _read({"jiraStoryId": "PROJ", "status": "done"}), "The body is not a callback"),
        Unauthorized(),
        answers.TooLarge.of(answers.MAX_BODY_BYTES + 1),
        Failed(),
        Unavailable(),
    ]
    found = [*(answers.offered(callback, result) for result in (*results, contradicted)), *others]
    return sorted(found, key=lambda answer: answers.EVERY_ANSWER.index(type(answer)))


def answers_of_mock(api: Api) -> list[Answer]:
    """Return every answer of a mock API, with one decision for each status."""
    asked = release().value
    decided: dict[str, Answer] = {}
    for ending in ("1", "5", "0"):
        decision = DECIDE[api](Release(**{**asked, "packageIds": ["web-shop-1.8.1", f"checkout-4.1.{ending}"]}))
        decided.setdefault(decision.status, decision)
    wrong = {**asked, "packageIds": []}
    invalid = _invalid(lambda: validated(Release, wrong), "The body is not a release")
    return [*decided.values(), invalid, Unauthorized(), Failed(), Unavailable()]


def _ignored() -> Answer:
    found = _read(_event("jira_project_updated"))
    if not isinstance(found, bodies.Ignored):
        raise TypeError("an event about a project does not end a story")
    return answers.Ignored(message=found.reason, jiraStoryId=found.jira_story_id)


def _invalid(read: Callable[[], object], message: str) -> Answer:
    try:
        read()
    except PayloadError as error:
        return Invalid(message=message, errors=list(error.errors))
    raise ValueError("the body is valid")


def _read(document: dict[str, Any]) -> object:
    return bodies.parse(json.dumps(document).encode(), names=StatusNames.of(["Done"], []), at="")


def _as_read(model: type[BaseModel], file: Path) -> Request:
    value = model.model_validate_json((_ROOT / file).read_bytes()).model_dump(mode="json", exclude_unset=True)
    return Request(model=model, value=value, file=file)


def _event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((_ROOT / EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return event


def _body(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(_event(name)["body"])
    return body
