"""An HTTP request in API Gateway's terms."""

import base64
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.apigatewayv2.models import Api, Stage

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


@dataclass(frozen=True)
class Request:
    """An HTTP request to an API; `headers` have lower-case names, and one value each, joined with commas."""

    request_id: str
    api_id: str
    account: str
    domain: str
    stage: str
    method: str
    path: str
    query: str
    protocol: str
    source_ip: str
    headers: dict[str, str]
    body: bytes
    time: float = field(default_factory=time.time)

    @property
    def request_time(self) -> str:
        """Return the time of the request in API Gateway's format (that of the common log format)."""
        return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self.time))

    @property
    def context(self) -> dict[str, Any]:
        """Return the $context variables of access logs that describe the request."""
        return {
            "accountId": self.account,
            "apiId": self.api_id,
            "domainName": self.domain,
            "domainPrefix": self.api_id,
            "extendedRequestId": self.request_id,
            "httpMethod": self.method,
            "identity.sourceIp": self.source_ip,
            "identity.userAgent": self.headers.get("user-agent", ""),
            "path": self.path,
            "protocol": self.protocol,
            "requestId": self.request_id,
            "requestTime": self.request_time,
            "requestTimeEpoch": int(self.time * 1000),
            "stage": self.stage,
        }


def request_of(environ: "WSGIEnvironment", api: Api, stage: Stage, path: str) -> Request:
    """Return the request from a WSGI environment; `path` is its path below the API's endpoint."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if isinstance(value, str) and (name.startswith("HTTP_") or name in {"CONTENT_TYPE", "CONTENT_LENGTH"})
    }
    source_ip = environ.get("REMOTE_ADDR", "127.0.0.1")
    headers |= {
        "x-forwarded-for": ", ".join([*filter(None, [headers.get("x-forwarded-for")]), source_ip]),
        "x-forwarded-port": environ["SERVER_PORT"],
        "x-forwarded-proto": "http",
        "x-amzn-trace-id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}",
    }
    region = api.backend.region_name
    return Request(
        request_id=base64.b64encode(uuid.uuid4().bytes[:11]).decode(),
        api_id=api.api_id,
        account=api.backend.account_id,
        domain=f"{api.api_id}.execute-api.{region}.amazonaws.com",
        stage=stage.name,
        method=environ["REQUEST_METHOD"],
        path=path,
        query=environ.get("QUERY_STRING", ""),
        protocol=environ["SERVER_PROTOCOL"],
        source_ip=source_ip,
        headers=headers,
        body=environ["wsgi.input"].read(),
    )
