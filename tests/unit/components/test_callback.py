"""The callback API: one route and one function, with access to its table, secret and state machine only."""

import json
from typing import Any

import pulumi
import pytest

from components.callback import Callback, CallbackArgs
from components.function import Runtime
from tests.unit.components.builders import (
    EVERY_FUNCTION_MAY,
    EXECUTIONS_ARN,
    KEY_ARN,
    MACHINE_ARN,
    SECRET_ARN,
    TABLE_ARN,
    known,
)
from tests.unit.components.recording import Recording, actions, key_uses


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _callback(runtime: Runtime, *, kms_key_arn: str | None = None, origins: tuple[str, ...] = ()) -> Callback:
    return Callback(
        "callback",
        CallbackArgs(
            runtime=runtime,
            timeout=29,
            stories_table_name=known("stories"),
            stories_table_arn=known(TABLE_ARN),
            secret_arn=known(SECRET_ARN),
            state_machine_arns=[known(MACHINE_ARN)],
            kms_key_arn=kms_key_arn,
            done_statuses=["Done", "Won't wait"],
            failed_statuses=["Rejected"],
            cors_allowed_origins=origins,
            throttle_rate_limit=51,
            throttle_burst_limit=99,
        ),
    )


@pulumi.runtime.test
def test_endpoint_takes_post_requests(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    callback = _callback(runtime)

    def check(known: list[Any]) -> None:
        seen, endpoint = known
        assert seen.one("apigatewayv2/route:Route")["routeKey"] == "POST /callback"
        assert endpoint == "https://callback-api.example.com/callback"

    return pulumi.Output.all(recording.settled(callback), callback.endpoint).apply(check)


@pulumi.runtime.test
def test_function_environment_names_table_secret_and_statuses(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function")
        assert function["handler"] == "handlers.callback.receive.handler"
        assert function["timeout"] == 29
        variables = function["environment"]["variables"]
        assert variables["STORIES_TABLE"] == "stories"
        assert variables["SECRET_ARN"] == SECRET_ARN
        assert json.loads(variables["JIRA_DONE_STATUSES"]) == ["Done", "Won't wait"]
        assert json.loads(variables["JIRA_FAILED_STATUSES"]) == ["Rejected"]

    return recording.settled(_callback(runtime)).apply(check)


@pulumi.runtime.test
def test_permissions_match_the_code_of_the_function(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        allowed = actions(seen.statements("callback-policy"))
        own = {action: arns for action, arns in allowed.items() if action not in EVERY_FUNCTION_MAY}
        assert own == {
            "dynamodb:Query": [TABLE_ARN],
            "dynamodb:GetItem": [TABLE_ARN],
            "dynamodb:UpdateItem": [TABLE_ARN],
            "secretsmanager:GetSecretValue": [SECRET_ARN],
            "states:SendTaskSuccess": [MACHINE_ARN],
            "states:SendTaskFailure": [MACHINE_ARN],
            "states:DescribeExecution": [EXECUTIONS_ARN],
        }

    return recording.settled(_callback(runtime)).apply(check)


@pulumi.runtime.test
def test_function_may_use_the_key_of_the_stack(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert key_uses(seen.statements("callback-policy"), KEY_ARN) == {
            "dynamodb": {"Decrypt"},
            "secretsmanager": {"Decrypt"},
            "states": {"Decrypt", "GenerateDataKey"},
        }

    return recording.settled(_callback(runtime, kms_key_arn=KEY_ARN)).apply(check)


@pulumi.runtime.test
def test_limits_and_origins_are_passed_to_the_api(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        stage = seen.one("apigatewayv2/stage:Stage")
        assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 51, "throttlingBurstLimit": 99}
        cors = seen.one("apigatewayv2/api:Api")["corsConfiguration"]
        assert cors["allowOrigins"] == ["https://ops.example.com"]

    return recording.settled(_callback(runtime, origins=("https://ops.example.com",))).apply(check)
