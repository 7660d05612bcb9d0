"""The mock APIs, from event to answer."""

import json
from typing import Any

import pytest

from handlers.aws import TransientError
from handlers.mock_apis import deployment, notification, validation
from tests import contract
from tests.unit.handlers.conftest import TOKENS, Context, event

APIS: dict[str, Any] = {"validation": validation, "deployment": deployment, "notification": notification}


def call(api: str, *, token: str | None = None, **release: Any) -> tuple[int, dict[str, Any]]:
    sent = event("http_api_validation")
    sent["headers"]["authorization"] = f"Bearer {TOKENS[api] if token is None else token}"
    sent["body"] = json.dumps({**json.loads(sent["body"]), **release})
    response = APIS[api].handler(sent, Context())
    body = json.loads(response["body"])
    contract.check_answer(f"/{api}", response["statusCode"], response["headers"], body)
    return response["statusCode"], body


pytestmark = pytest.mark.usefixtures("cloud")


@pytest.mark.parametrize("api", APIS)
def test_valid_release_succeeds(api: str) -> None:
    status_code, body = call(api)
    assert (status_code, body["status"], body["jiraStoryId"]) == (200, "SUCCESS", "PROJ-123")
    assert body["message"]


def test_packages_ending_in_0_fail_validation() -> None:
    _, body = call("validation", packageIds=["a-10", "a-11", "b-20"])
    assert (body["status"], body["failedPackageIds"]) == ("FAILED", ["a-10", "b-20"])
    assert "a-10, b-20" in body["message"]


def test_packages_ending_in_5_deploy_with_a_warning() -> None:
    _, body = call("deployment", packageIds=["a-15", "a-10"])
    assert (body["status"], body["warnedPackageIds"]) == ("WARNING", ["a-15"])


@pytest.mark.parametrize(("api", "field"), [("validation", "failedPackageIds"), ("deployment", "warnedPackageIds")])
def test_message_names_the_first_of_many_packages(api: str, field: str) -> None:
    ending = "0" if api == "validation" else "5"
    packages = [f"package-{number:03}{ending}" for number in range(120)]
    _, body = call(api, packageIds=packages)
    assert (body["packageIds"], body[field]) == (packages[:100], packages[:100])
    assert body["message"].endswith(f"package-099{ending} and 20 more")


def test_deployment_id_follows_from_the_packages() -> None:
    first, again, other = call("deployment")[1], call("deployment")[1], call("deployment", packageIds=["b"])[1]
    assert first["deploymentId"] == again["deploymentId"] != other["deploymentId"]
    assert first["environment"] == "staging"


def test_notification_has_three_channels() -> None:
    assert call("notification")[1]["channels"] == ["email", "slack", "teams"]


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("token", ["", "wrong", TOKENS["callback"]])
def test_wrong_token_is_refused(api: str, token: str) -> None:
    assert call(api, token=token)[0] == 401


@pytest.mark.parametrize(
    ("release", "field"),
    [
        ({"packageIds": []}, "packageIds"),
        ({"packageIds": [1]}, "packageIds.0"),
        ({"jiraStoryId": "x"}, "jiraStoryId"),
        ({"metadata": []}, "metadata"),
        ({"extra": 1}, "extra"),
    ],
)
def test_invalid_body_is_refused(release: dict[str, Any], field: str) -> None:
    status_code, body = call("validation", **release)
    assert (status_code, body["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize(("failure", "code"), [(TransientError("busy"), 503), (KeyError("the inside"), 500)])
def test_internal_failure_is_answered_without_details(
    failure: Exception, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise failure

    monkeypatch.setattr("handlers.secret.Secret.accepts", fail)
    status_code, body = call("validation")
    assert status_code == code
    assert "inside" not in body["message"]


def test_answer_has_the_configured_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setenv("MOCK_DELAY_SECONDS", "2.5")
    call("validation")
    call("validation", token="wrong")
    assert slept == [2.5]


@pytest.mark.parametrize("api", ["validation", "deployment"])
def test_without_failures_on_demand_every_package_is_fine(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_FAILURES", "false")
    _, body = call(api, packageIds=["a-10", "a-15"])
    assert body["status"] == "SUCCESS"
