"""Functions: own role, log group, tracing, and the permissions of their statements."""

import json
from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pytest

from components.config_errors import ConfigError
from components.function import Function, FunctionArgs, FunctionOverride, Runtime
from components.policies import allow
from tests.unit.components.builders import EVERY_FUNCTION_MAY, known
from tests.unit.components.recording import Recording, actions

QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:dead-letters"


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _function(runtime: Runtime, *, dead_letters: aws.sqs.Queue | None = None) -> Function:
    return Function(
        "teller",
        FunctionArgs(
            runtime=runtime,
            handler="handlers.teller.tell.handler",
            timeout=7,
            environment={"TABLE": known("stories"), "POWERTOOLS_LOG_LEVEL": "DEBUG"},
            statements=[allow(["dynamodb:GetItem"], ["arn:table"])],
            dead_letters=dead_letters,
        ),
    )


@pulumi.runtime.test
def test_runtime_is_that_of_the_stack(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function")
        assert function["name"] == "holdpoint-test-teller"
        assert function["handler"] == "handlers.teller.tell.handler"
        assert (function["packageType"], function["runtime"]) == ("Zip", "python3.13")
        assert function["architectures"] == ["arm64"]
        assert (function["memorySize"], function["timeout"]) == (256, 7)
        assert function["code"].path == str(runtime.bundle)
        assert function["tracingConfig"] == {"mode": "Active"}
        assert "deadLetterConfig" not in function

    return recording.settled(_function(runtime)).apply(check)


@pulumi.runtime.test
def test_other_runtime_is_used(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    other = replace(runtime, identifier="python3.12", architecture="x86_64", memory_size=512, log_retention_days=90)

    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function")
        assert (function["runtime"], function["architectures"]) == ("python3.12", ["x86_64"])
        assert function["memorySize"] == 512
        assert seen.one("cloudwatch/logGroup:LogGroup")["retentionInDays"] == 90

    return recording.settled(_function(other)).apply(check)


@pulumi.runtime.test
def test_environment_includes_the_variables_of_powertools(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("lambda/function:Function")["environment"]["variables"] == {
            "TABLE": "stories",
            "POWERTOOLS_SERVICE_NAME": "holdpoint-test-teller",
            "POWERTOOLS_METRICS_NAMESPACE": "Holdpoint",
            "POWERTOOLS_LOG_LEVEL": "DEBUG",
        }

    return recording.settled(_function(runtime)).apply(check)


@pulumi.runtime.test
def test_log_group_has_a_retention(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        group = seen.one("cloudwatch/logGroup:LogGroup")
        assert group["name"] == "/aws/lambda/holdpoint-test-teller"
        assert group["retentionInDays"] == 14
        logging = seen.one("lambda/function:Function")["loggingConfig"]
        assert logging == {"logFormat": "JSON", "logGroup": group["name"]}

    return recording.settled(_function(runtime)).apply(check)


@pulumi.runtime.test
def test_role_allows_the_statements_logging_and_tracing(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        allowed = actions(seen.statements("teller-policy"))
        assert allowed.keys() == {"dynamodb:GetItem", *EVERY_FUNCTION_MAY}
        assert allowed["dynamodb:GetItem"] == ["arn:table"]
        assert allowed["logs:PutLogEvents"] == ["arn:aws:cloudwatch:us-east-1:123456789012:teller-logs:*"]
        role = seen.one("iam/role:Role")
        assert role["name"] == "holdpoint-test-teller-use1"
        (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}

    return recording.settled(_function(runtime)).apply(check)


@pulumi.runtime.test
def test_function_publishes_versions_and_has_an_alias_where_it_is_used(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    function = _function(runtime)
    aliases = len(recording.all("lambda/alias:Alias"))
    both = pulumi.Output.all(function.version_arn, function.live.arn, pulumi.Output.from_input(function.live.id))

    def check(arns: list[str]) -> None:
        assert recording.one("lambda/function:Function")["publish"] is True
        assert aliases == 0
        alias = recording.one("lambda/alias:Alias", "teller-live")
        assert (alias["functionName"], alias["functionVersion"]) == ("holdpoint-test-teller", "1")
        own = "arn:aws:lambda:us-east-1:123456789012:function:holdpoint-test-teller"
        assert arns[:2] == [f"{own}:1", f"{own}:live"]

    return both.apply(check)


@pulumi.runtime.test
def test_failed_events_go_to_the_queue(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("lambda/function:Function")["deadLetterConfig"] == {"targetArn": QUEUE_ARN}
        assert actions(seen.statements("teller-policy"))["sqs:SendMessage"] == [QUEUE_ARN]

    return recording.settled(_function(runtime, dead_letters=aws.sqs.Queue("dead-letters"))).apply(check)


@pulumi.runtime.test
def test_function_depends_on_its_policy_and_log_group(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.dependencies["teller"] >= {"teller-policy", "teller-logs", "teller-role"}

    return recording.settled(_function(runtime)).apply(check)


def _overridden(runtime: Runtime, **own: int) -> Function:
    overridden = replace(runtime, overrides={"echo": FunctionOverride(**own)})
    args = FunctionArgs(runtime=overridden, handler="handlers.echo.handler", timeout=5, timeout_range=(3, 29))
    return Function("echo", args)


@pulumi.runtime.test
def test_function_has_settings_of_its_own(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function", "echo")
        assert (function["memorySize"], function["timeout"], function["reservedConcurrentExecutions"]) == (512, 29, 7)

    function = _overridden(runtime, memory_size=512, timeout_seconds=29, reserved_concurrency=7)
    return recording.settled(function).apply(check)


@pulumi.runtime.test
def test_function_without_settings_of_its_own_has_those_of_all(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function", "echo")
        assert (function["memorySize"], function["timeout"]) == (256, 5)
        assert "reservedConcurrentExecutions" not in function

    return recording.settled(_overridden(runtime)).apply(check)


@pytest.mark.parametrize("seconds", [2, 30])
def test_timeout_beyond_what_caller_and_work_allow_is_refused(
    recording: Recording, runtime: Runtime, seconds: int
) -> None:
    with pytest.raises(ConfigError, match=f"functions.echo.timeoutSeconds is {seconds}: must be 3 to 29"):
        _overridden(runtime, timeout_seconds=seconds)
    assert recording.all("lambda/function:Function") == []
