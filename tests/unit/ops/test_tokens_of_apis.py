"""Commands that use the tokens of a stack's APIs, whatever APIs it has."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from ops.aws.target import Target
from ops.commands import invoke, rotate
from ops.doctor.stack import Stack
from ops.errors import UsageError

APIS = ("validation", "policy-check")


def _target(**more: str) -> Target:
    """Return a stack with these two APIs, whose secret has further fields or other values."""
    called = [
        {"Authentication": {"ConnectionArn": f"arn:aws:events:::connection/shop-qa-release-{api}/1"}} for api in APIS
    ]
    content = {**dict.fromkeys(APIS, "token"), "callback": "c", "callbackSigningKey": "k", **more}
    clients: dict[str, Any] = {
        "secretsmanager": SimpleNamespace(get_secret_value=lambda **_: {"SecretString": json.dumps(content)}),
        "stepfunctions": SimpleNamespace(
            describe_state_machine=lambda **_: {"definition": json.dumps({"States": {"Call APIs": called}})}
        ),
    }
    outputs = {
        "state_machine_arn": "arn:aws:states:us-east-1:123456789012:stateMachine:shop-qa-release",
        "state_machine_name": "shop-qa-release",
        "secrets_manager_arn": "secret",
    }
    return Target(origin="x", outputs=outputs, _clients=clients)


def test_doctor_requires_a_token_for_each_api() -> None:
    (healthy,) = Stack(_target()).secret()
    assert healthy.result == "ok"
    (broken,) = Stack(_target(**{"policy-check": ""}, callback="")).secret()
    assert (broken.result, broken.said) == ("wrong", "has no policy-check, callback")


def test_rotation_of_an_api_token_names_pulumi() -> None:
    with pytest.raises(UsageError) as caught:
        rotate.rotate_tokens(_target(), ["policy-check"], is_confirmed=True)
    assert "the token of policy-check" in caught.value.message
    assert "pulumi config set --secret --path 'apiTokens.policy-check'" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "filled"),
    [("Bearer {{policy-check}}", "Bearer token"), ("{{callback}}", "c"), ("{{of nobody}} {{nobody}}",) * 2],
)
def test_payload_may_name_the_token_of_any_api(text: str, filled: str) -> None:
    assert invoke._fill(_target(), {"a": [text]}) == {"a": [filled]}
