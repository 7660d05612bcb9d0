"""Bearer tokens (RFC 6750)."""

import hmac

from handlers.http_api import Request
from handlers.secret import Secret


def bears_token(request: Request, secret: Secret, field: str) -> bool:
    """Return whether the request carries the token `field` of the secret; without any token the secret is not read.

    The comparison takes constant time. It compares bytes, because `compare_digest` refuses text that is not ASCII.
    """
    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    sent = token.strip().encode(errors="surrogatepass")
    if scheme.lower() != "bearer" or not sent:
        return False
    return secret.accepts(field, lambda expected: hmac.compare_digest(sent, expected))
