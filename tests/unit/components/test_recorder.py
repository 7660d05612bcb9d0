"""The recorder hears of every end of its state machine's executions, and may write logs and items, nothing else."""

import json

import pulumi
import pytest

from components.function import Runtime
from components.recorder import Recorder, RecorderArgs
from tests.unit.components.builders import (
    BUCKET_ARN,
    EVERY_FUNCTION_MAY,
    EXECUTIONS_ARN,
    KEY_ARN,
    MACHINE_ARN,
    TABLE_ARN,
    known,
)
from tests.unit.components.recording import Recording, actions


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Each test builds on its own recording."""


def _recorder(runtime: Runtime, *, kms_key_arn: str = "") -> Recorder:
    return Recorder(
        "recorder",
        RecorderArgs(
            runtime=runtime,
            timeout=30,
            state_machine_arn=known(MACHINE_ARN),
            bucket_name=known("files"),
            bucket_arn=known(BUCKET_ARN),
            stories_table_name=known("stories"),
            stories_table_arn=known(TABLE_ARN),
            kms_key_arn=kms_key_arn,
        ),
    )


@pulumi.runtime.test
def test_hears_of_every_end_of_its_machine_only(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert json.loads(seen.one("cloudwatch/eventRule:EventRule")["eventPattern"]) == {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {"stateMachineArn": [MACHINE_ARN], "status": ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]},
        }

    return recording.settled(_recorder(runtime)).apply(check)


@pulumi.runtime.test
def test_the_function_knows_bucket_and_table(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        function = seen.one("lambda/function:Function")
        assert function["handler"] == "handlers.recorder.record.handler"
        assert function["timeout"] == 30
        variables = function["environment"]["variables"]
        assert (variables["BUCKET"], variables["STORIES_TABLE"]) == ("files", "stories")
        assert function["deadLetterConfig"]["targetArn"].endswith(":recorder-dead-letters")

    return recording.settled(_recorder(runtime)).apply(check)


@pulumi.runtime.test
def test_the_function_may_do_what_its_code_does(recording: Recording, runtime: Runtime) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        allowed = actions(seen.statements("recorder-policy"))
        own = {action: arns for action, arns in allowed.items() if action not in EVERY_FUNCTION_MAY}
        assert own == {
            "states:GetExecutionHistory": [EXECUTIONS_ARN],
            "s3:PutObject": [f"{BUCKET_ARN}/logs/*"],
            "dynamodb:UpdateItem": [TABLE_ARN],
            "kms:Decrypt": [KEY_ARN],
            "kms:GenerateDataKey": [KEY_ARN],
            "sqs:SendMessage": ["arn:aws:sqs:us-east-1:123456789012:recorder-dead-letters"],
        }

    return recording.settled(_recorder(runtime, kms_key_arn=KEY_ARN)).apply(check)
