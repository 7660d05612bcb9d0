"""Settings of an HTTP API and its stage: CORS, throttling, access logs."""

import json

from sandbox.services.apigateway.routes import Throttle
from tests.unit.sandbox.services.apigateway.http_apis import ECHO, api, call
from tests.unit.sandbox.services.aws import Aws


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
