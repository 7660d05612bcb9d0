"""Hostile calls of the three mock APIs: without a token the answer reveals nothing; a bad body gets its errors."""

import base64
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from handlers.mock_apis import deployment, notification, validation
from tests.campaigns.hostile import bodies, proofs
from tests.campaigns.hostile.campaign import Campaign
from tests.campaigns.hostile.log_lines import check_line, check_text
from tests.campaigns.hostile.values import changed
from tests.unit.handlers.conftest import TOKENS, Context, event

SHORT, LONG = 8, 200

APIS = {"validation": validation.handler, "deployment": deployment.handler, "notification": notification.handler}
EVENT = event("http_api_validation")
RELEASE = {"jiraStoryId": "PROJ-1", "packageIds": ["web-1", "api-2"], "metadata": {"environment": "test"}}


@dataclass(frozen=True)
class Call:
    """One call of an API."""

    api: str
    headers: Mapping[str, str]
    body: bytes
    is_let_in: bool


def _call(api: str, rng: random.Random) -> Call:
    secrets = {**TOKENS, "callback": TOKENS[api], api: TOKENS["callback"]}
    broken = bodies.malformed(rng, "PROJ-1").raw
    body = rng.choice((json.dumps(changed(rng, RELEASE)).encode(), broken, json.dumps(RELEASE).encode()))
    if rng.random() < 0.3:
        return Call(api, proofs.joined(proofs.forged_token(rng, secrets, body).headers), body, False)
    return Call(api, {"authorization": f"Bearer {TOKENS[api]}"}, body, True)


@pytest.mark.parametrize("api", APIS)
def test_hostile_call_gets_a_valid_answer(
    api: str,
    cloud: None,  # noqa: ARG001 - the secret is there first
    seed: int,
    at_length: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def check(case: Call) -> None:
        body = base64.b64encode(case.body).decode()
        sent = {**EVENT, "headers": dict(case.headers), "body": body, "isBase64Encoded": True}
        answer = APIS[case.api](sent, Context())
        told = json.loads(answer["body"])
        assert answer["statusCode"] in ((200, 400) if case.is_let_in else (401,)), answer
        assert isinstance(told["status"], str)
        check_text(answer["body"], TOKENS.values())
        written = capsys.readouterr()
        assert written.err == ""
        for line in written.out.split("\n")[:-1]:
            check_line(line, TOKENS.values())

    Campaign(f"mock API: {api}", seed, LONG if at_length else SHORT, lambda rng: _call(api, rng), check).run()
