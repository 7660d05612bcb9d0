"""The callback function, from event to answer, on an emulated AWS."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers.aws import TransientError, client
from handlers.callback import receive
from handlers.callback.answers import MAX_BODY_BYTES
from handlers.callback.receive import handler
from tests import contract
from tests.unit.handlers.conftest import TOKENS, Context, event, get_item, put_item, put_waiting
from tests.unit.handlers.fake_workflow import FakeWorkflow

BEARER = {"authorization": f"Bearer {TOKENS['callback']}"}
OWN = json.dumps({"jiraStoryId": "PROJ-1", "message": "Go"})

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def workflow(cloud: None, monkeypatch: pytest.MonkeyPatch) -> FakeWorkflow:  # noqa: ARG001 - AWS is there first
    fake = FakeWorkflow(tokens={"token-run-1"})
    monkeypatch.setattr(receive, "executions", lambda: fake)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return fake


@pytest.fixture
def call(workflow: FakeWorkflow, context: Context) -> Call:  # noqa: ARG001 - in place of Step Functions
    def call(body: str | bytes = OWN, headers: dict[str, str] = BEARER, **changes: Any) -> dict[str, Any]:
        template = event("http_api_callback")
        if isinstance(body, bytes):
            changes = {"isBase64Encoded": True, **changes}
            body = base64.b64encode(body).decode()
        sent = {**template, "body": body, **changes, "headers": {**template["headers"], **headers}}
        response: dict[str, Any] = handler(sent, context)
        assert response["headers"]["content-type"] == "application/json"
        answered = json.loads(response["body"])
        contract.check_answer("/callback", response["statusCode"], response["headers"], answered)
        return {**response, "json": answered}

    return call


def signature(body: bytes, key: str = TOKENS["callbackSigningKey"]) -> dict[str, str]:
    return {"X-Hub-Signature": "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize("name", ["http_api_callback", "http_api_callback_base64"])
def test_recorded_events_resume_the_story(call: Call, name: str) -> None:
    put_waiting("PROJ-123")
    recorded = event(name)
    response = call(recorded["body"], isBase64Encoded=recorded["isBase64Encoded"])
    assert (response["statusCode"], response["json"]["status"]) == (200, "resumed")
    assert response["json"]["executions"] == ["run-1"]
    assert get_item("PROJ-123")["callbackId"] == "d8f1c0de-5a8e-4a9c-9d14-3f9d3a1b7c55"


@pytest.mark.parametrize(
    ("body", "status_code", "status"),
    [
        (OWN, 200, "resumed"),
        (json.dumps({"jiraStoryId": "DONE-1", "message": "Go"}), 200, "already-resumed"),
        (json.dumps({"jiraStoryId": "EARLY-1", "message": "Go"}), 202, "parked"),
        (json.dumps(event("jira_project_updated")), 200, "ignored"),
        ("{", 400, "invalid"),
        (b"\xff\xfe", 400, "invalid"),
        (json.dumps({"jiraStoryId": "NONE-1", "message": "Go"}), 404, "not-found"),
        (json.dumps({"jiraStoryId": "LATE-1", "message": "Go"}), 410, "gone"),
        pytest.param("x" * (MAX_BODY_BYTES + 1), 413, "too-large", id="too large"),
        (json.dumps({"jiraStoryId": "STUCK-1", "message": "Go"}), 503, "unavailable"),
    ],
)
def test_every_outcome_has_its_status_code(call: Call, body: str | bytes, status_code: int, status: str) -> None:
    put_waiting()
    put_item("DONE-1", resumedAt="2025-06-03T04:21:00.000Z")
    put_item("EARLY-1")
    put_item("LATE-1", endedAt="2025-06-03T04:21:00.000Z", endReason="States.Timeout")
    put_waiting("STUCK-1", taskToken="used")
    response = call(body)
    assert (response["statusCode"], response["json"]["status"]) == (status_code, status)
    assert response["json"]["message"]
    assert ("retry-after" in response["headers"]) == (status_code == 503)


def test_largest_webhook_is_read_and_stored_in_part(call: Call) -> None:
    put_waiting("PROJ-123")
    document = event("jira_issue_updated")
    document["issue"]["fields"]["description"] = ""
    room = MAX_BODY_BYTES - len(json.dumps(document))
    document["issue"]["fields"]["description"] = "x" * room
    answer = call(json.dumps(document))
    assert (answer["statusCode"], answer["json"]["status"]) == (200, "resumed")
    assert len(str(get_item("PROJ-123"))) < 1_500


@pytest.mark.parametrize("is_waiting", [True, False])
def test_contradicting_callback_gets_the_earlier_decision(call: Call, is_waiting: bool) -> None:
    (put_waiting if is_waiting else put_item)()
    first, refused, again = (
        call(json.dumps({"jiraStoryId": "PROJ-1", "message": "x", "status": status, "decider": decider}))["json"]
        for status, decider in (("done", "Ann"), ("rejected", "Bob"), ("success", None))
    )
    assert [answer["decision"] for answer in (first, refused, again)] == ["success"] * 3
    assert [answer["agrees"] for answer in (first, refused, again)] == [True, False, True]
    assert refused["status"] == ("already-resumed" if is_waiting else "parked")
    told = f"Ann approved it at {get_item()['callback']['completedAt']['S']} (api)"
    assert refused["message"] == f"An earlier callback decided otherwise: success holds. {told}"
    assert ("Ann" in first["message"], told in again["message"]) == (False, True)


def test_reopened_story_does_not_resume_the_release(call: Call) -> None:
    put_waiting("PROJ-123")
    document = event("jira_post_function")
    document["transition"] |= {"from_status": "Done", "to_status": "In Progress"}
    document["issue"]["fields"]["status"]["name"] = "Done"
    assert call(json.dumps(document))["json"]["status"] == "ignored"
    assert call(json.dumps(event("jira_post_function")))["json"]["status"] == "resumed"


def test_invalid_body_is_answered_field_by_field(call: Call) -> None:
    response = call(json.dumps({"jiraStoryId": "nope"}))
    assert {error["field"] for error in response["json"]["errors"]} == {"jiraStoryId", "message"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer ünicode-\ud800"},
        {"authorization": TOKENS["callback"]},
        {"authorization": f"Basic {TOKENS['callback']}"},
        {"authorization": f"Bearer {TOKENS['validation']}"},
        {"x-hub-signature": "sha256=" + "0" * 64},
        {"x-hub-signature": "sha256=ünicode"},
        {"x-hub-signature": hmac.new(b"signing-key-1", OWN.encode(), hashlib.sha256).hexdigest()},
        signature(OWN.encode() + b" "),
        signature(OWN.encode(), "another key"),
    ],
)
def test_unauthenticated_callback_is_refused_without_a_read(
    call: Call, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_waiting()
    monkeypatch.setattr("handlers.stories.Stories.of", lambda *_: pytest.fail("the table was read"))
    response = call("not even JSON", headers) if not headers else call(OWN, headers)
    assert (response["statusCode"], response["json"]["status"]) == (401, "unauthorized")
    assert response["headers"]["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"bearer {TOKENS['callback']}"},
        {"Authorization": f"BEARER   {TOKENS['callback']} "},
        signature(OWN.encode()),
        {**signature(OWN.encode()), "authorization": "Bearer wrong"},
        {**BEARER, "x-hub-signature": "sha256=" + "0" * 64},
    ],
)
@pytest.mark.parametrize("body", [OWN, OWN.encode()], ids=["text", "base64"])
def test_either_proof_is_enough(call: Call, headers: dict[str, str], body: str | bytes) -> None:
    put_waiting()
    assert call(body, headers)["statusCode"] == 200


def test_new_and_previous_token_are_accepted_after_a_rotation(call: Call) -> None:
    put_waiting()
    assert call()["statusCode"] == 200
    rotated = {**TOKENS, "callback": "callback-token-2", "callbackSigningKey": "signing-key-2"}
    client("secretsmanager").put_secret_value(SecretId="tokens", SecretString=json.dumps(rotated))
    for headers in (
        {"authorization": "Bearer callback-token-2"},
        BEARER,
        signature(OWN.encode(), "signing-key-2"),
        signature(OWN.encode(), "signing-key-1"),
    ):
        assert call(OWN, headers)["json"]["status"] == "already-resumed"


@pytest.mark.parametrize("sent", ["x" * 129, "a b", "ünicode", ""])
def test_invalid_identifier_is_replaced_by_the_hash_of_the_body(call: Call, sent: str) -> None:
    put_waiting()
    call(OWN, {**BEARER, "x-atlassian-webhook-identifier": sent})
    assert get_item()["callbackId"] == f"sha256:{hashlib.sha256(OWN.encode()).hexdigest()}"


def test_throttling_returns_503_and_other_errors_500_without_details(call: Call, workflow: FakeWorkflow) -> None:
    put_waiting()
    workflow.failures = [TransientError("ThrottlingException")]
    assert call()["statusCode"] == 503
    workflow.failures = [KeyError("the inside of our house")]
    response = call()
    assert (response["statusCode"], response["json"]["status"]) == (500, "error")
    assert "house" not in response["body"]
    assert call()["json"]["status"] == "resumed"


def test_unreachable_secret_returns_503(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise TransientError("InternalServiceError")

    monkeypatch.setattr("handlers.secret.Secret.accepts", fail)
    assert call()["statusCode"] == 503


def test_logs_and_answers_hold_no_token_and_cannot_be_forged(
    call: Call, workflow: FakeWorkflow, capsys: pytest.CaptureFixture[str]
) -> None:
    put_waiting()
    forged = '\n{"level":"ERROR","message":"forged"}'
    message = json.dumps({"jiraStoryId": "PROJ-1", "message": "sent-message" + forged})
    answers = [
        call(message)["body"],
        call(message)["body"],
        call("{", {"authorization": "Bearer guessed-token"})["body"],
    ]
    answers.append(call(json.dumps({"jiraStoryId": forged, "message": "x"}))["body"])
    workflow.failures = [KeyError("token-run-1")]
    put_waiting("PROJ-2")
    answers.append(call(json.dumps({"jiraStoryId": "PROJ-2", "message": "Go"}))["body"])
    output = capsys.readouterr().out
    for secret in (*TOKENS.values(), "guessed-token", "sent-message"):
        assert secret not in output
        assert secret not in "".join(answers)
    assert all("token-run-1" not in answer for answer in answers)
    lines = [json.loads(line) for line in output.splitlines()]
    assert not any(line.get("message") == "forged" for line in lines)
    taken = next(line for line in lines if line.get("message") == "Callback taken")
    assert (taken["jiraStoryId"], taken["executions"], taken["outcome"]) == ("PROJ-1", ["run-1"], "resumed")
    assert taken["function_request_id"] == "request-1"
    metrics = {name for line in lines if "_aws" in line for name in line if name.startswith("Callback")}
    assert metrics == {
        "CallbackResumed",
        "CallbackAlreadyResumed",
        "CallbackUnauthorized",
        "CallbackInvalid",
        "CallbackError",
    }
