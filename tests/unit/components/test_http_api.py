"""HTTP APIs: access logs, throttling, CORS for named origins, and calls of their own functions only."""

import json

import pulumi
import pytest

from components.function import Runtime
from components.http_api import HttpApi, HttpApiArgs
from tests.unit.components.builders import echo
from tests.unit.components.recording import Recording

EXECUTION_ARN = "arn:aws:apigatewayv2:us-east-1:123456789012:front/execution"


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _api(runtime: Runtime, *origins: str) -> HttpApi:
    return HttpApi(
        "front",
        HttpApiArgs(
            prefix="holdpoint-test",
            description="For tests",
            routes={"POST /one": echo(runtime, "one"), "POST /two": echo(runtime, "two")},
            throttle_rate_limit=5,
            throttle_burst_limit=9,
            log_retention_days=14,
            cors_allowed_origins=origins,
        ),
    )


@pulumi.runtime.test
def test_each_route_has_its_function(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        for name in ("one", "two"):
            integration = seen.one("apigatewayv2/integration:Integration", f"{name}-integration")
            assert (integration["integrationType"], integration["integrationMethod"]) == ("AWS_PROXY", "POST")
            assert integration["payloadFormatVersion"] == "2.0"
            assert integration["integrationUri"].endswith(f":function:holdpoint-test-{name}:live/invocations")
            route = seen.one("apigatewayv2/route:Route", f"{name}-route")
            assert route["routeKey"] == f"POST /{name}"
            assert route["target"] == f"integrations/front-{name}-integration-id"

    return recording.settled(_api(runtime)).apply(check)


@pulumi.runtime.test
def test_permission_is_limited_to_the_route(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        for name in ("one", "two"):
            permission = seen.one("lambda/permission:Permission", f"{name}-permission")
            assert permission["action"] == "lambda:InvokeFunction"
            assert permission["principal"] == "apigateway.amazonaws.com"
            assert (permission["function"], permission["qualifier"]) == (f"holdpoint-test-{name}", "live")
            # The alias is called once the permission is there, also in the update of a stack without aliases.
            assert f"front-{name}-permission" in seen.dependencies[f"front-{name}-integration"]
            assert permission["sourceArn"] == f"{EXECUTION_ARN}/*/POST/{name}"

    return recording.settled(_api(runtime)).apply(check)


@pulumi.runtime.test
def test_a_route_with_a_parameter_takes_every_value_of_it(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("apigatewayv2/route:Route", "holds-route")["routeKey"] == "ANY /one/holds/{token}"
        permission = seen.one("lambda/permission:Permission", "holds-permission")
        assert permission["sourceArn"] == f"{EXECUTION_ARN}/*/*/one/holds/*"

    args = HttpApiArgs(prefix="p", description="d", routes={"ANY /one/holds/{token}": echo(runtime, "one")})
    return recording.settled(HttpApi("front", args)).apply(check)


@pulumi.runtime.test
def test_the_path_of_a_call_is_in_no_access_log(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        settings = seen.one("apigatewayv2/stage:Stage")["accessLogSettings"]
        assert "path" not in settings["format"].lower()

    return recording.settled(_api(runtime)).apply(check)


@pulumi.runtime.test
def test_logs_every_call_as_json(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        group = seen.one("cloudwatch/logGroup:LogGroup", "front-access-logs")
        # The prefix under which API Gateway's resource policy cannot grow too large.
        assert group["name"] == "/aws/vendedlogs/apis/holdpoint-test-front"
        assert group["retentionInDays"] == 14
        settings = seen.one("apigatewayv2/stage:Stage")["accessLogSettings"]
        assert settings["destinationArn"].endswith(":front-access-logs")
        assert "\n" not in settings["format"]
        fields = json.loads(settings["format"])
        assert fields.keys() >= {"requestId", "time", "sourceIp", "routeKey", "status", "latency", "integrationError"}
        assert all(value.startswith("$context.") for value in fields.values())

    return recording.settled(_api(runtime)).apply(check)


@pulumi.runtime.test
def test_default_stage_deploys_automatically_and_throttles(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        stage = seen.one("apigatewayv2/stage:Stage")
        assert (stage["name"], stage["autoDeploy"]) == ("$default", True)
        assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 5, "throttlingBurstLimit": 9}

    return recording.settled(_api(runtime)).apply(check)


@pulumi.runtime.test
def test_cors_is_off_by_default(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        api = seen.one("apigatewayv2/api:Api")
        assert (api["name"], api["protocolType"]) == ("holdpoint-test-front", "HTTP")
        assert "corsConfiguration" not in api

    return recording.settled(_api(runtime)).apply(check)


@pulumi.runtime.test
def test_cors_allows_named_origins(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("apigatewayv2/api:Api")["corsConfiguration"] == {
            "allowOrigins": ["https://ops.example.com"],
            "allowMethods": ["POST"],
            "allowHeaders": ["authorization", "content-type"],
            "maxAge": 600,
        }

    return recording.settled(_api(runtime, "https://ops.example.com")).apply(check)


@pulumi.runtime.test
def test_endpoint_is_the_address_of_the_api(runtime: Runtime) -> pulumi.Output[None]:
    def check(endpoint: str) -> None:
        assert endpoint == "https://front.example.com"

    return _api(runtime).endpoint.apply(check)


@pulumi.runtime.test
def test_stage_depends_on_its_routes(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.dependencies["front-stage"] >= {"front-one-route", "front-two-route"}

    return recording.settled(_api(runtime)).apply(check)
