"""The data plane of HTTP APIs: events, answers, CORS, throttling, permissions, access logs."""

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any

import pytest

from sandbox.services.http_routes import Throttle
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


@pytest.fixture(scope="module")
def echo(aws: Aws) -> str:
    """Return an API whose function answers with the event that it got."""
    return api(aws, "echo", ECHO, "POST /callback", "GET /stories/{id}", "ANY /files/{proxy+}", "GET /stories/new")


def test_the_event_is_payload_format_2(echo: str, aws: Aws) -> None:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Name": "Ä".encode().decode("latin-1"),
        "Cookie": "a=1; b=2",
    }
    event = call(f"{echo}/callback?b=2&a=1&a=3&empty=", '{"ü": 1}'.encode(), headers=headers).json()
    assert echo.startswith(aws.server.endpoint_url + "/_apis/")
    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /callback"
    assert event["rawPath"] == "/callback"
    assert event["rawQueryString"] == "b=2&a=1&a=3&empty="
    assert event["queryStringParameters"] == {"a": "1,3", "b": "2", "empty": ""}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["content-type"] == "application/json; charset=utf-8"
    assert "cookie" not in event["headers"]
    assert (event["body"], event["isBase64Encoded"]) == ('{"ü": 1}', False)
    context = event["requestContext"]
    assert context["http"] == {
        "method": "POST",
        "path": "/callback",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": event["headers"]["user-agent"],
    }
    assert context["stage"] == "$default"
    assert context["apiId"] == echo.rpartition("/")[2]
    assert context["accountId"] == "123456789012"
    assert "pathParameters" not in event


@pytest.mark.parametrize(
    ("content_type", "encoded"),
    [
        ("text/plain", False),
        ("application/json", False),
        ("application/x-www-form-urlencoded", True),
        ("image/png", True),
    ],
)
def test_only_text_types_come_as_text(echo: str, content_type: str, encoded: bool) -> None:
    event = call(f"{echo}/callback", b"a=b", headers={"Content-Type": content_type}).json()
    assert event["isBase64Encoded"] is encoded
    assert (base64.b64decode(event["body"]) if encoded else event["body"].encode()) == b"a=b"


def test_routes_are_matched_by_how_specific_they_are(echo: str) -> None:
    assert call(f"{echo}/stories/7").json()["pathParameters"] == {"id": "7"}
    assert call(f"{echo}/stories/new").json()["routeKey"] == "GET /stories/new"
    assert call(f"{echo}/files/a/b", method="PUT").json()["pathParameters"] == {"proxy": "a/b"}
    for url, method in ((f"{echo}/callback", "GET"), (f"{echo}/other", "POST"), (f"{echo}/callback/", "POST")):
        reply = call(url, method=method)
        assert (reply.status, reply.json()) == (404, {"message": "Not Found"})


PLAIN = "text/plain;charset=UTF-8"
FAILED = b'{"message":"Internal Server Error"}'


@pytest.mark.parametrize(
    ("name", "returned", "status", "body", "content_type"),
    [
        ("object", "{'a': 1}", 200, b'{"a": 1}', "application/json"),
        ("string", "'hello'", 200, b"hello", "application/json"),
        ("plain", "{'statusCode': 201, 'body': 'made'}", 201, b"made", PLAIN),
        ("binary", "{'statusCode': 200, 'body': 'AAE=', 'isBase64Encoded': True}", 200, b"\0\1", PLAIN),
        ("malformed", "{'statusCode': 'often'}", 500, FAILED, "application/json"),
        ("unencoded", "{'statusCode': 200, 'body': {'a': 1}}", 500, FAILED, "application/json"),
        ("failing", "1 / 0", 500, FAILED, "application/json"),
    ],
)  # fmt: skip
def test_an_answer_becomes_a_response(
    aws: Aws, name: str, returned: str, status: int, body: bytes, content_type: str
) -> None:
    reply = call(api(aws, f"answers-{name}", f"def handler(e, c):\n    return {returned}", "$default"))
    assert (reply.status, reply.body, reply.headers["Content-Type"]) == (status, body, content_type)


def test_headers_and_cookies_of_an_answer_are_sent(aws: Aws) -> None:
    answer = {"statusCode": 204, "headers": {"X-Count": 3, "Retry-After": "5"}, "cookies": ["a=1", "b=2"]}
    reply = call(api(aws, "sends", f"def handler(e, c):\n    return {answer}", "$default"))
    assert (reply.status, reply.headers["x-count"], reply.headers["retry-after"]) == (204, "3", "5")
    assert reply.headers.get_all("set-cookie") == ["a=1", "b=2"]


def test_without_a_permission_the_function_is_not_run(aws: Aws) -> None:
    endpoint = api(aws, "unpermitted", ECHO, "$default", permitted=False)
    assert call(endpoint).status == 500
    aws.client("lambda").add_permission(
        FunctionName="unpermitted",
        StatementId="other",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn="arn:aws:execute-api:us-east-1:123456789012:another/*/*",
    )
    assert call(endpoint).status == 500


def test_a_slow_function_is_given_up(aws: Aws) -> None:
    source = "import time\ndef handler(e, c):\n    time.sleep(30)"
    reply = call(api(aws, "slow", source, "$default", timeout=100, function={"Timeout": 60}))
    assert (reply.status, reply.json()) == (503, {"message": "Service Unavailable"})


def test_a_body_over_10_mb_is_refused(echo: str) -> None:
    reply = call(f"{echo}/callback", b"x" * (10 * 1024 * 1024 + 1))
    assert (reply.status, reply.json()) == (413, {"message": "Request Entity Too Large"})


def test_a_deleted_api_answers_no_more(aws: Aws) -> None:
    endpoint = api(aws, "deleted", ECHO, "$default")
    assert call(endpoint).status == 200
    aws.client("apigatewayv2").delete_api(ApiId=endpoint.rpartition("/")[2])
    assert call(endpoint).status == 404


def test_cors_is_the_apis_own(aws: Aws) -> None:
    allowed = {"AllowOrigins": ["https://jira.example"], "AllowMethods": ["POST"], "AllowHeaders": ["authorization"]}
    endpoint = api(aws, "cors", ECHO, "POST /callback", CorsConfiguration=allowed)
    asks = {"Origin": "https://jira.example", "Access-Control-Request-Method": "POST"}
    reply = call(f"{endpoint}/callback", method="OPTIONS", headers=asks)
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == "https://jira.example"
    assert reply.headers["access-control-allow-methods"] == "POST"
    assert reply.headers["access-control-allow-headers"] == "authorization"
    stranger = call(f"{endpoint}/callback", method="OPTIONS", headers={**asks, "Origin": "https://else.example"})
    assert stranger.headers["access-control-allow-origin"] is None
    assert call(f"{endpoint}/callback", b"", headers=asks).headers["access-control-allow-origin"] == asks["Origin"]


def test_a_route_is_throttled_by_the_stages_settings(aws: Aws) -> None:
    limits = {"DefaultRouteSettings": {"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 2}}
    endpoint = api(aws, "throttled", ECHO, "GET /a", "GET /b", stage=limits)
    assert [call(f"{endpoint}/a").status for _ in range(3)] == [200, 200, 429]
    assert call(f"{endpoint}/a").json() == {"message": "Too Many Requests"}
    assert call(f"{endpoint}/b").status == 200


def test_tokens_come_back_with_time() -> None:
    class Stage:
        name = "$default"
        default_route_settings = {"throttlingRateLimit": 2, "throttlingBurstLimit": 1}  # noqa: RUF012 - a stand-in
        route_settings = None

    class Api:
        api_id = "a"

    now = [0.0]
    throttle = Throttle(lambda: now[0])

    def admitted() -> bool:
        return throttle.admits(Api(), Stage(), "GET /")  # type: ignore[arg-type]  # stand-ins for moto's classes

    assert [admitted(), admitted()] == [True, False]
    now[0] = 0.5
    assert [admitted(), admitted()] == [True, False]


def test_access_logs_have_the_stages_own_format(aws: Aws) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/holdpoint/api")
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/holdpoint/api"
    line = {"id": "$context.requestId", "status": "$context.status", "route": "$context.routeKey"}
    line |= {"agent": "$context.identity.userAgent", "none": "$context.authorizer.principalId"}
    settings = {"AccessLogSettings": {"DestinationArn": group, "Format": json.dumps(line)}}
    endpoint = api(aws, "logged", ECHO, "GET /a", stage=settings)
    reply = call(f"{endpoint}/a", headers={"User-Agent": 'a "quoted" agent'})
    call(f"{endpoint}/b")
    events = logs.filter_log_events(logGroupName="/holdpoint/api")["events"]
    first, second = (json.loads(event["message"]) for event in events)
    assert first == {
        "id": reply.headers["apigw-requestid"],
        "status": "200",
        "route": "GET /a",
        "agent": 'a "quoted" agent',
        "none": "-",
    }
    assert (second["status"], second["route"]) == ("404", "-")
