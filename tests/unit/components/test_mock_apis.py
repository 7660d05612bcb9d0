"""The mock APIs: one function each, with access to the tokens only."""

import pulumi
import pytest

from components.function import Runtime
from components.http_api import API_TIMEOUT_SECONDS
from components.mock_apis import MOCKS, MockApis, MockApisArgs
from tests.unit.components.builders import EVERY_FUNCTION_MAY, KEY_ARN, SECRET_ARN, known
from tests.unit.components.recording import Recording, actions, key_uses


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _mock_apis(
    runtime: Runtime, *, timeout: int = 29, delay_seconds: int = 0, kms_key_arn: str | None = None
) -> MockApis:
    return MockApis(
        "mock",
        MockApisArgs(
            runtime=runtime,
            timeout=timeout,
            delay_seconds=delay_seconds,
            secret_arn=known(SECRET_ARN),
            kms_key_arn=kms_key_arn,
            throttle_rate_limit=51,
            throttle_burst_limit=99,
        ),
    )


@pulumi.runtime.test
def test_each_mock_has_a_route_and_a_function(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert {route.inputs["routeKey"] for route in seen.all("apigatewayv2/route:Route")} == {
            "POST /validation",
            "POST /deployment",
            "POST /notification",
        }
        for mock in MOCKS:
            function = seen.one("lambda/function:Function", f"mock-{mock}")
            assert function["handler"] == f"handlers.mock_apis.{mock}.handler"

    return recording.settled(_mock_apis(runtime)).apply(check)


@pulumi.runtime.test
def test_mock_may_only_read_the_tokens(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        for mock in MOCKS:
            allowed = actions(seen.statements(f"mock-{mock}-policy"))
            assert allowed.keys() == {"secretsmanager:GetSecretValue", *EVERY_FUNCTION_MAY}
            assert allowed["secretsmanager:GetSecretValue"] == [SECRET_ARN]
            assert key_uses(seen.statements(f"mock-{mock}-policy"), KEY_ARN) == {"secretsmanager": {"Decrypt"}}

    return recording.settled(_mock_apis(runtime, kms_key_arn=KEY_ARN)).apply(check)


@pytest.mark.parametrize(
    ("timeout", "delay", "expected"), [(29, 0, 29), (1, 0, 4), (5, 10, 14), (1, 25, API_TIMEOUT_SECONDS)]
)
@pulumi.runtime.test
def test_timeout_of_a_mock_is_between_its_delay_and_that_of_the_api(
    recording: Recording, runtime: Runtime, timeout: int, delay: int, expected: int
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        for function in seen.all("lambda/function:Function"):
            assert function.inputs["timeout"] == expected
            assert delay < function.inputs["timeout"] <= API_TIMEOUT_SECONDS
            assert function.inputs["environment"]["variables"]["MOCK_DELAY_SECONDS"] == str(delay)

    return recording.settled(_mock_apis(runtime, timeout=timeout, delay_seconds=delay)).apply(check)


@pulumi.runtime.test
def test_limits_are_passed_to_the_api_and_cors_is_off(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        stage = seen.one("apigatewayv2/stage:Stage")
        assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 51, "throttlingBurstLimit": 99}
        assert "corsConfiguration" not in seen.one("apigatewayv2/api:Api")

    return recording.settled(_mock_apis(runtime)).apply(check)


@pulumi.runtime.test
def test_output_has_the_address_of_each_mock(runtime: Runtime) -> pulumi.Output[None]:
    def check(url: str) -> None:
        assert url == "https://mock-apis.example.com/deployment"

    return _mock_apis(runtime).url("deployment").apply(check)
