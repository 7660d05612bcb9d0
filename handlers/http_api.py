"""Requests from and answers to an API Gateway HTTP API, payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.answers import Answer

Response = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """The parts of a request that the handlers read: headers by lower-case name, and the body as it was sent."""

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


def respond(answer: Answer) -> Response:
    """Return an answer in JSON that no cache stores."""
    return {
        "statusCode": answer.code,
        "headers": {"content-type": "application/json", "cache-control": "no-store", **answer.headers},
        "body": json.dumps(answer.as_json()),
    }
