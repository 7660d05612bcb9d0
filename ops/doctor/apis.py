"""Checks that the HTTP APIs answer, and refuse calls without a token."""

from collections.abc import Iterator

from ops.aws import callback_api, features
from ops.aws.target import Target
from ops.doctor.findings import Finding, ok, wrong
from ops.program import PROGRAM

WRONG_TOKEN = {"Authorization": "Bearer this-is-not-the-token"}

REFUSED = 401


def check(target: Target) -> Iterator[Finding]:
    """Call each API with a wrong token; it has to answer 401."""
    urls = {"callback API": target["callback_api_endpoint"]} if "callback_api_endpoint" in target.outputs else {}
    if features.has(target.outputs, "mockApis"):
        urls["mock APIs"] = f"{target['mock_api_endpoint']}/validation"
    for what, url in urls.items():
        answer = callback_api.post(url, b"{}", WRONG_TOKEN)
        if answer.code == REFUSED:
            yield ok(what, f"{url} answers, and refuses a wrong token")
        else:
            said = answer.body.get("message") or answer.status
            source = "callback" if what == "callback API" else "mock-validation"
            yield wrong(
                what,
                f"{url} answers a wrong token with {answer.code} instead of {REFUSED}: {said}",
                f"Read its log: {PROGRAM} logs {source}",
            )
