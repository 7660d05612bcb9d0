"""Requests from and answers to an API Gateway HTTP API, payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Response = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the handlers read of a request: headers by lower-case name, and the body as it was sent."""

    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> "Request":
        """Read a payload 2.0 event; a body that API Gateway sent in base64 is decoded.

        Raises:
            ValueError: the event says base64 and the body is not; API Gateway never sends that.
        """
        text = event.get("body") or ""
        # A lone surrogate in the event's JSON has no UTF-8 form; it becomes bytes that no parser accepts.
        body = (
            base64.b64decode(text, validate=True)
            if event.get("isBase64Encoded")
            else text.encode(errors="surrogatepass")
        )
        return cls(headers={name.lower(): value for name, value in (event.get("headers") or {}).items()}, body=body)


def answer(status_code: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that no cache keeps."""
    return {
        "statusCode": status_code,
        "headers": {"content-type": "application/json", "cache-control": "no-store", **(headers or {})},
        "body": json.dumps(body),
    }


def unauthorized() -> Response:
    """The answer to a caller that did not prove who it is, which says nothing else."""
    body = {"status": "unauthorized", "message": "Send a valid Authorization: Bearer token"}
    return answer(401, body, {"www-authenticate": "Bearer"})
