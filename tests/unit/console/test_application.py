"""Requests to the console: allowed methods and origins, and the answers."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from werkzeug.test import Client

from console.static_files import FOLDER
from ops.aws import callback_api
from ops.aws.callback_api import Answer
from tests.unit.console.conftest import HERE, StepFunctions

OWN = {"Origin": HERE}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect the callbacks that were sent."""
    bodies: list[Any] = []

    def send(_target: object, body: Any) -> Answer:
        bodies.append(body)
        return Answer(200, {"status": "resumed", "message": "The workflow goes on"})

    monkeypatch.setattr(callback_api, "send", send)
    return bodies


BODY = {"json": {"story": "PROJ-1", "status": "done"}}


def _call_back(console: Client, headers: dict[str, str], options: dict[str, Any] | None = None) -> Any:
    return console.post("/_holdpoint/api/callbacks", base_url=HERE, headers=headers, **(options or BODY))


def test_page_and_assets_have_their_content_types(console: Client) -> None:
    page = console.get("/_holdpoint/", base_url=HERE)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    for name, kind in (("app.js", "text/javascript"), ("style.css", "text/css"), ("icon.svg", "image/svg+xml")):
        part = console.get(f"/_holdpoint/{name}", base_url=HERE)
        assert (part.status_code, part.mimetype) == (200, kind)
        assert part.data == (FOLDER / name).read_bytes()


def test_page_is_served_without_trailing_slash(console: Client) -> None:
    answer = console.get("/_holdpoint", base_url=HERE)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/_holdpoint/")


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "../views.py",
        "%2e%2e/views.py",
        "vendor/dagre/LICENSE",
        "vendor",
        "/etc/passwd",
        "api/nothing",
        "api/callbacks",
        "api/execution?machine=shop-release&name=",
        "api/execution?machine=other&name=one",
    ],
)
def test_other_paths_are_not_found(console: Client, path: str) -> None:
    answer = console.get(f"/_holdpoint/{path}", base_url=HERE)
    assert answer.status_code == 404
    assert answer.json
    assert answer.json["message"]


@pytest.mark.parametrize("path", ["", "app.js", "api/executions", "api/nothing"])
def test_every_answer_has_a_strict_content_security_policy(console: Client, path: str) -> None:
    headers = console.get(f"/_holdpoint/{path}", base_url=HERE).headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")}
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


def test_unchanged_answer_returns_304(console: Client, stepfunctions: StepFunctions) -> None:
    first = console.get("/_holdpoint/api/executions", base_url=HERE)
    again = {"If-None-Match": first.headers["ETag"]}
    second = console.get("/_holdpoint/api/executions", base_url=HERE, headers=again)
    assert (second.status_code, second.data) == (304, b"")
    stepfunctions.add("one")
    third = console.get("/_holdpoint/api/executions", base_url=HERE, headers=again)
    assert third.status_code == 200
    assert third.headers["ETag"] != first.headers["ETag"]
    assert third.headers["Cache-Control"] == "no-cache"


def test_same_origin_page_may_act(console: Client, sent: list[Any]) -> None:
    answer = _call_back(console, OWN)
    assert answer.json == {"code": 200, "status": "resumed", "message": "The workflow goes on"}
    assert sent == [{"subject": "PROJ-1", "status": "done", "message": "done, said in the console"}]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://example.com"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "http://localhost:4566"},
        {"Origin": "null"},
        {"Origin": "http://rebound.example:4566", "Host": "rebound.example:4566"},
    ],
)
def test_other_origins_may_not_act(console: Client, sent: list[Any], headers: dict[str, str]) -> None:
    assert _call_back(console, headers).status_code == 403
    assert sent == []


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": "{}", "content_type": "text/plain"}, 400),
        ({"data": "story=PROJ-1&status=done", "content_type": "application/x-www-form-urlencoded"}, 400),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": "[" * 100_000, "content_type": "application/json"}, 400),
        ({"json": []}, 400),
        ({"json": {"status": "done"}}, 400),
        ({"json": {"story": "PROJ-1", "status": 7}}, 400),
        ({"json": {"story": "x" * 2_000_000, "status": "done"}}, 413),
    ],
)
def test_invalid_body_is_refused(console: Client, sent: list[Any], options: dict[str, Any], status: int) -> None:
    answer = _call_back(console, OWN, options)
    assert answer.status_code == status
    assert answer.json["message"]
    assert sent == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(console: Client, method: str) -> None:
    answer = console.open("/_holdpoint/api/callbacks", method=method, base_url=HERE, headers=OWN)
    assert answer.status_code == 405


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "ListExecutions"),
        EndpointConnectionError(endpoint_url=HERE),
    ],
)
def test_error_of_aws_is_reported_as_text(
    console: Client, stepfunctions: StepFunctions, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(**_asked: Any) -> None:
        raise error

    monkeypatch.setattr(stepfunctions, "list_executions", refuse)
    answer = console.get("/_holdpoint/api/executions", base_url=HERE)
    assert answer.status_code == 502
    assert answer.json
    assert str(error) in answer.json["message"] or "not allowed" in answer.json["message"]


@pytest.mark.parametrize("outputs", [None])
def test_waiting_list_needs_a_stack(console: Client) -> None:
    stack = console.get("/_holdpoint/api/stack", base_url=HERE).json
    assert stack
    assert (stack["isKnown"], stack["waiting"]) == (False, 0)
    assert stack["workflows"] == [{"machine": "shop-release", "label": "shop-release"}]
    answer = console.get("/_holdpoint/api/waiting", base_url=HERE)
    assert answer.status_code == 400
    assert answer.json
    assert "serve" in answer.json["message"]
