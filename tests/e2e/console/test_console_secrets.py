"""Secrets and foreign pages: no token reaches the browser, and other origins start nothing."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.e2e.client import Client, document, story

pytestmark = pytest.mark.xdist_group("aws")

PATIENCE_SECONDS = 90


def _ask(aws: Client, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(
        f"{aws.outputs['endpoint_url']}/_holdpoint/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_no_answer_contains_a_token(aws: Client) -> None:
    about = story()
    run = aws.start(document(about))
    run.waiting(about)
    item = run.item(about)
    assert item
    secrets = [*aws.tokens.values(), item["taskToken"]["S"]]
    assert len(secrets) == 6
    answers = []
    own = {"Origin": aws.outputs["endpoint_url"]}
    execution = f"machine={aws.outputs['state_machine_name']}&name={run.name}"
    for path in ("api/stack", "api/executions", "api/waiting", *_paths(execution)):
        answers.append(_ask(aws, path))
    answers.append(_ask(aws, "api/callbacks", {"story": about, "status": "done"}, **own))
    assert run.ended()["status"] == "SUCCEEDED"
    run.log()
    answers.extend(_ask(aws, path) for path in _paths(execution))
    assert {code for code, _ in answers} == {200}
    for _, text in answers:
        assert [secret for secret in secrets if secret in text] == []
    assert any("[redacted]" in text for _, text in answers)


def _paths(execution: str) -> list[str]:
    return [f"api/{name}?{execution}" for name in ("execution", "log", "report")]


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://example.com"}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "null"}]
)
def test_page_of_another_origin_starts_nothing(aws: Client, headers: dict[str, str]) -> None:
    machines = (aws.outputs["state_machine_arn"], aws.outputs["orders_state_machine_arn"])
    before = [_count(aws, machine) for machine in machines]
    order = {"userId": "test123", "orderData": {"items": [{"productId": "PROD001", "quantity": 1, "price": 9.99}]}}
    assert _ask(aws, "api/orders", {"document": json.dumps(order)}, **headers)[0] == 403
    assert _ask(aws, "api/releases", {"document": json.dumps(document(story()))}, **headers)[0] == 403
    assert _ask(aws, "api/callbacks", {"story": "PROJ-1", "status": "done"}, **headers)[0] == 403
    assert [_count(aws, machine) for machine in machines] == before


def _count(aws: Client, machine: str) -> int:
    return len(aws.stepfunctions.list_executions(stateMachineArn=machine, maxResults=1000)["executions"])
