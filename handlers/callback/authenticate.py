"""Authentication of callers: the callback token, or a webhook signed with the signing key."""

import hashlib
import hmac
import re

from handlers.bearer import bears_token
from handlers.http_api import Request
from handlers.secret import Secret
from handlers.story import Identity

SIGNATURE_HEADER = "X-Hub-Signature"

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})", re.IGNORECASE | re.ASCII)
"""ASCII only, because otherwise the long s (U+017F) matches an s."""


def identity(request: Request, secret: Secret) -> Identity | None:
    """Return how the request proves its sender; None without proof. A wrong proof beside a valid one is ignored.

    Jira signs its webhooks, and its Automation rules send a fixed header. A proxy that adds one of the two to
    every call must not block the other.
    """
    if bears_token(request, secret, "callback"):
        return "bearer-token"
    return "webhook-signature" if _is_signed(request, secret) else None


def _is_signed(request: Request, secret: Secret) -> bool:
    """Check `X-Hub-Signature: sha256=<hex>`, the HMAC-SHA256 of the body as it was sent.

    https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
    """
    signature = _SIGNATURE.fullmatch(request.headers.get(SIGNATURE_HEADER.lower(), "").strip())
    if signature is None:
        return False
    sent = bytes.fromhex(signature[1])
    return secret.accepts(
        "callbackSigningKey",
        lambda key: hmac.compare_digest(sent, hmac.new(key, request.body, hashlib.sha256).digest()),
    )
