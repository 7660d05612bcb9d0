"""The recorder: receives the ends of executions, finds missed ones, and writes its files only."""

import json

import pulumi
import pytest

from components.function import Runtime
from components.recorder import Recorder, RecorderArgs
from components.workflow import RecordedStateMachine
from tests.unit.components.builders import (
    BUCKET_ARN,
    EVERY_FUNCTION_MAY,
    EXECUTIONS_ARN,
    KEY_ARN,
    MACHINE_ARN,
    TABLE_ARN,
    known,
)
from tests.unit.components.recording import Recording, actions, key_uses

ORDERS_ARN = MACHINE_ARN.replace(":release", ":orders")
BOTH_EXECUTIONS = [EXECUTIONS_ARN, EXECUTIONS_ARN.replace(":release:", ":orders:")]


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _recorder(runtime: Runtime, *, kms_key_arn: str | None = None) -> Recorder:
    return Recorder(
        "recorder",
        RecorderArgs(
            runtime=runtime,
            timeout=30,
            state_machines=[
                RecordedStateMachine(arn=known(MACHINE_ARN), successes=True),
                RecordedStateMachine(arn=known(ORDERS_ARN), successes=False),
            ],
            bucket_name=known("files"),
            bucket_arn=known(BUCKET_ARN),
            stories_table_name=known("stories"),
            stories_table_arn=known(TABLE_ARN),
            kms_key_arn=kms_key_arn,
        ),
    )


@pulumi.runtime.test
def test_rules_match_every_end_of_a_release_and_failed_orders(
    recording: Recording, runtime: Runtime
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        failures = ["FAILED", "TIMED_OUT", "ABORTED"]
        assert json.loads(seen.one("cloudwatch/eventRule:EventRule", "recorder-rule")["eventPattern"]) == {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {
                "$or": [
                    {"stateMachineArn": [MACHINE_ARN], "status": ["SUCCEEDED", *failures]},
                    {"stateMachineArn": [ORDERS_ARN], "status": failures},
                    {
                        "stateMachineArn": [ORDERS_ARN],
                        "status": ["SUCCEEDED"],
                        "redriveCount": [{"numeric": [">", 0]}],
                    },
                ]
            },
        }

    return recording.settled(_recorder(runtime)).apply(check)


@pulumi.runtime.test
def test_catch_up_runs_hourly_and_looks_back_some_hours(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        rule = seen.one("cloudwatch/eventRule:EventRule", "recorder-catch-up-rule")
        assert rule["scheduleExpression"] == "rate(60 minutes)"
        function = seen.one("lambda/function:Function", "recorder-catch-up")
        assert (function["handler"], function["timeout"]) == ("handlers.recorder.catch_up.handler", 300)
        variables = function["environment"]["variables"]
        assert json.loads(variables["STATE_MACHINES"]) == [MACHINE_ARN, ORDERS_ARN]
        assert float(variables["WINDOW_SECONDS"]) > 2 * 3600

    return recording.settled(_recorder(runtime)).apply(check)


@pytest.mark.parametrize("name", ["recorder", "recorder-catch-up"])
@pulumi.runtime.test
def test_function_environments_name_bucket_and_table(
    recording: Recording, runtime: Runtime, name: str
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function", name)
        variables = function["environment"]["variables"]
        assert (variables["BUCKET"], variables["STORIES_TABLE"]) == ("files", "stories")
        assert function["deadLetterConfig"]["targetArn"].endswith(f":{name}-dead-letters")

    return recording.settled(_recorder(runtime)).apply(check)


@pytest.mark.parametrize("name", ["recorder", "recorder-catch-up"])
@pulumi.runtime.test
def test_permissions_match_the_code_of_the_functions(
    recording: Recording, runtime: Runtime, name: str
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        allowed = actions(seen.statements(f"{name}-policy"))
        own = {action: arns for action, arns in allowed.items() if action not in EVERY_FUNCTION_MAY}
        listing = {"states:ListExecutions": [MACHINE_ARN, ORDERS_ARN]} if name == "recorder-catch-up" else {}
        assert own == {
            **listing,
            "states:GetExecutionHistory": BOTH_EXECUTIONS,
            "s3:GetObject": [f"{BUCKET_ARN}/logs/*"],
            "s3:PutObject": [f"{BUCKET_ARN}/logs/*"],
            "s3:DeleteObject": [f"{BUCKET_ARN}/logs/*/error.json"],
            "dynamodb:UpdateItem": [TABLE_ARN],
            "sqs:SendMessage": [f"arn:aws:sqs:us-east-1:123456789012:{name}-dead-letters"],
        }
        assert key_uses(seen.statements(f"{name}-policy"), KEY_ARN) == {
            "dynamodb": {"Decrypt"},
            "states": {"Decrypt"},
            "s3": {"Decrypt", "GenerateDataKey"},
            "sqs": {"Decrypt", "GenerateDataKey"},
        }

    return recording.settled(_recorder(runtime, kms_key_arn=KEY_ARN)).apply(check)
