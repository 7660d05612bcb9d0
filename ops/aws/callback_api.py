"""Client of the callback API, which authenticates as Jira does: with the bearer token, or a signature of the body."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from ops.aws import tokens
from ops.aws.target import Target
from ops.errors import TargetError

PATIENCE_SECONDS = 40
"""API Gateway answers after 30 s at the latest.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""


@dataclass(frozen=True)
class Answer:
    """The API's answer."""

    code: int
    body: dict[str, Any]

    @property
    def status(self) -> str:
        """Return the answer's `status`; empty if API Gateway itself answered."""
        return str(self.body.get("status", ""))


def send(target: Target, body: Mapping[str, Any], *, proof: Literal["bearer", "signature"] = "bearer") -> Answer:
    """Send a callback with the sender's credentials.

    Raises:
        TargetError: the API is out of reach, or the secret lacks a field.
    """
    data = json.dumps(body).encode()
    if proof == "bearer":
        return post(
            target["callback_api_endpoint"], data, {"Authorization": f"Bearer {tokens.token(target, 'callback')}"}
        )
    key = tokens.token(target, "callbackSigningKey").encode()
    digest = hmac.new(key, data, hashlib.sha256).hexdigest()
    return post(target["callback_api_endpoint"], data, {"X-Hub-Signature": f"sha256={digest}"})


def post(url: str, data: bytes, headers: Mapping[str, str]) -> Answer:
    """POST JSON.

    Raises:
        TargetError: the API does not answer.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise TargetError(f"{url} is not the URL of an API", "Is it a Holdpoint stack's output?")
    # The URL's scheme is checked above.
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json", **headers})  # noqa: S310
    try:
        with _opener(url).open(request, timeout=PATIENCE_SECONDS) as response:
            return Answer(response.status, _object(response.read()))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _object(error.read()))
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise TargetError(f"{url} does not answer: {reason}", "Check the network, the proxy and the stack") from None


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Return an opener without proxies for a sandbox: no proxy can reach this machine."""
    is_here = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    return urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if is_here else []))


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"message": content.decode(errors="replace")}
