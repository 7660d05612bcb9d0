"""HTTP APIs to test against: a function behind routes, and requests to it."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any

from tests.unit.sandbox.services.aws import Aws

ECHO = "import json\ndef handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps(event)}"


@dataclass
class Reply:
    """An HTTP answer."""

    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        """Return the parsed body."""
        return json.loads(self.body)


def call(
    url: str, body: bytes | None = None, method: str | None = None, headers: dict[str, str] | None = None
) -> Reply:
    """Send one request and return the answer, whatever its status."""
    request = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())


def api(
    aws: Aws, name: str, source: str, *routes: str, permitted: bool = True, stage: Any = None, **settings: Any
) -> str:
    """Create a function behind an API with these routes; return the API's endpoint."""
    arn = aws.function(name, source, **settings.pop("function", {}))
    gateway = aws.client("apigatewayv2")
    timeout = settings.pop("timeout", 30000)
    created = gateway.create_api(Name=name, ProtocolType="HTTP", **settings)
    integration = gateway.create_integration(
        ApiId=created["ApiId"],
        IntegrationType="AWS_PROXY",
        IntegrationUri=arn,
        PayloadFormatVersion="2.0",
        TimeoutInMillis=timeout,
    )["IntegrationId"]
    for route in routes:
        gateway.create_route(ApiId=created["ApiId"], RouteKey=route, Target=f"integrations/{integration}")
    gateway.create_stage(ApiId=created["ApiId"], StageName="$default", AutoDeploy=True, **(stage or {}))
    if permitted:
        aws.client("lambda").add_permission(
            FunctionName=name,
            StatementId="api",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:123456789012:{created['ApiId']}/*/*",
        )
    return str(gateway.get_api(ApiId=created["ApiId"])["ApiEndpoint"])
