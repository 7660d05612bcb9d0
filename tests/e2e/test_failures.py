"""APIs that fail: every failed execution says why in its error.json."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from asl.states import MAX_CAUSE_LENGTH
from tests.e2e.client import Client, document, done, story
from tests.e2e.operator import Operator
from tests.e2e.stub_apis import StubApis

UNAVAILABLE = (503, {"message": "try again"})
FINE = (200, {"status": "SUCCESS", "message": "fine"})


def test_a_failed_validation_stops_the_release(aws: Client) -> None:
    key = story()
    run = aws.start(document(key, packageIds=["web-10"]))
    ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "ValidationFailed")
    assert "web-10" in ended["cause"]
    assert run.error()["cause"] == ended["cause"]
    assert "Await story" not in run.states()
    assert aws.call_back(done(key)).code == 410


def test_a_failed_deployment_stops_the_release(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("deployment", key, (200, {"status": "failed", "message": "no room"}))
    run = connected.start(document(key))
    ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "DeploymentFailed")
    assert "no room" in run.error()["cause"]


def test_fourth_api_decides_like_the_others_and_is_recorded(connected: Client, apis: StubApis) -> None:
    key, rejected = story(), story()
    apis.answer("security", key, (200, {"status": "WARNING", "message": "an old library"}))
    apis.answer("security", rejected, (200, {"status": "FAILED", "message": "not safe"}))
    run, other = connected.start(document(key)), connected.start(document(rejected))
    assert other.ended()["error"] == "SecurityFailed"
    assert "not safe" in other.error()["cause"]
    run.waiting(key)
    connected.call_back(done(key))
    assert run.ended()["status"] == "SUCCEEDED"
    result = run.result()
    assert [each["api"] for each in result["parallelResults"]] == [
        *("validation", "deployment", "notification", "security")
    ]
    assert result["warnings"] == ["security: an old library"]
    assert "Security message: an old library" in run.log()


def test_doctor_checks_every_api(connected: Client, tmp_path: Path) -> None:
    found = Operator.of(connected, tmp_path).ok("doctor", "--json").json
    checks = {each["check"]: each["result"] for each in found["checks"]}
    assert sum(check.startswith("connection ") for check in checks) == 4
    assert checks["secret"] == "ok"


def test_apis_receive_their_own_tokens_and_the_document(connected: Client, apis: StubApis) -> None:
    key = story()
    run = connected.start(document(key))
    run.waiting(key)
    tokens = connected.tokens
    for api in ("validation", "deployment", "notification", "security"):
        (call,) = apis.called(api, key)
        assert call.headers["Authorization"] == f"Bearer {tokens[api]}"
        assert call.headers["Idempotency-Key"] == f"{run.name}-{api}"
        assert call.body == document(key)


def test_recovering_api_is_retried(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("validation", key, UNAVAILABLE, UNAVAILABLE, FINE)
    run = connected.start(document(key))
    run.waiting(key)
    assert len(apis.called("validation", key)) == 3
    connected.call_back(done(key))
    assert run.ended()["status"] == "SUCCEEDED"


def test_an_api_that_is_down_fails_the_release(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("deployment", key, UNAVAILABLE)
    run = connected.start(document(key))
    ended = run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Http.StatusCode.503")
    error = run.error()
    assert "deployment API" in error["cause"]
    assert error["jiraStoryId"] == key
    assert len(apis.called("deployment", key)) == 3


@pytest.mark.parametrize("code", [400, 403, 404, 409])
def test_refusal_is_not_retried(connected: Client, apis: StubApis, code: int) -> None:
    key = story()
    apis.answer("validation", key, (code, {"message": "no"}))
    run = connected.start(document(key))
    assert run.ended()["error"] == f"States.Http.StatusCode.{code}"
    assert len(apis.called("validation", key)) == 1


@pytest.fixture
def validation_connection(connected: Client) -> Iterator[str]:
    """Return the connection of the validation API; a test may spoil it."""
    name = connected.outputs["state_machine_name"] + "-validation"
    yield name
    _give_the_token_again(connected, name)


def _give_the_token_again(client: Client, connection: str) -> None:
    """Follow the runbook."""
    key = {"ApiKeyName": "Authorization", "ApiKeyValue": f"Bearer {client.tokens['validation']}"}
    client.aws("events").update_connection(
        Name=connection, AuthorizationType="API_KEY", AuthParameters={"ApiKeyAuthParameters": key}
    )


def test_refused_token_fails_releases_until_it_is_set_again(
    connected: Client, apis: StubApis, validation_connection: str
) -> None:
    refused, later, healed = story(), story(), story()
    apis.answer("validation", refused, (401, {"message": "who are you?"}))
    run = connected.start(document(refused))
    assert run.ended()["error"] == "States.Http.StatusCode.401"
    assert len(apis.called("validation", refused)) == 1
    told = [run.error()["cause"]]

    run = connected.start(document(later))
    assert run.ended()["error"] == "Events.ConnectionResource.InvalidConnectionState"
    assert apis.called("validation", later) == []
    told.append(run.error()["cause"])
    for cause in told:
        assert f"refuses to use the connection {validation_connection}" in cause
        assert "docs/runbooks/release-failed.md" in cause

    _give_the_token_again(connected, validation_connection)
    connected.start(document(healed)).waiting(healed)


def test_cause_is_cut_and_error_json_has_all_of_it(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("deployment", key, (400, {"message": "x" * 60_000}))
    run = connected.start(document(key))
    ended = run.ended()
    assert (ended["error"], len(ended["cause"])) == ("States.Http.StatusCode.400", MAX_CAUSE_LENGTH)
    assert run.error()["cause"].startswith("The deployment API did not answer as it should")


def test_history_of_a_failure_has_no_authorization(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("validation", key, (400, {"message": "no"}))
    run = connected.start(document(key))
    run.ended()
    seen = json.dumps(run.history(), default=str) + json.dumps(run.error())
    assert not [name for name, token in connected.tokens.items() if token in seen]


def test_a_notification_that_is_down_is_a_warning(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("notification", key, (400, {"message": "no such channel"}))
    run = connected.start(document(key))
    run.waiting(key)
    connected.call_back(done(key))
    assert run.ended()["status"] == "SUCCEEDED"
    result = run.result()
    notification = result["parallelResults"][2]
    assert (notification["status"], notification["statusCode"]) == ("WARNING", 400)
    assert result["warnings"] == [f"notification: {notification['message']}"]
    assert "no such channel" in notification["message"]
    assert "Headers" not in notification["message"], "an API's headers may hold cookies"


def test_a_notification_that_says_failed_is_a_warning(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("notification", key, (200, {"status": "FAILED", "message": "mailbox full"}))
    run = connected.start(document(key))
    run.waiting(key)
    connected.call_back(done(key))
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["warnings"] == ["notification: mailbox full"]


def test_json_sent_as_text_is_accepted(connected: Client, apis: StubApis) -> None:
    key = story()
    apis.answer("deployment", key, (200, '{"status": "FAILED", "message": "no room"}'))
    run = connected.start(document(key))
    assert run.ended()["error"] == "DeploymentFailed"


@pytest.mark.parametrize("answer", ["plain text", "{plain text", [1, 2], {"other": "shape"}])
def test_any_answer_of_an_api_is_in_the_result(connected: Client, apis: StubApis, answer: object) -> None:
    key = story()
    apis.answer("validation", key, (200, answer))
    run = connected.start(document(key))
    run.waiting(key)
    connected.call_back(done(key))
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["parallelResults"][0]["body"] == answer
