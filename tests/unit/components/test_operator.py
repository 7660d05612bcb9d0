"""The operator's role: starts, follows and reads executions; cannot change, resume or decide anything."""

import json

import pulumi
import pytest

from asl.states import Statement
from components.operator import Operator, OperatorArgs
from components.workflow import Workflow, WorkflowArgs
from tests.unit.components.builders import BUCKET_ARN, KEY_ARN, known
from tests.unit.components.recording import Recording, actions, key_uses

MACHINE_ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:holdpoint-test-release"
EXECUTIONS_ARN = "arn:aws:states:us-east-1:123456789012:execution:holdpoint-test-release:*"
LOGS_ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/one"


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _operator() -> Operator:
    nothing: pulumi.Output[list[Statement]] = known("").apply(lambda _: [])
    workflow = Workflow(
        "release",
        WorkflowArgs(
            prefix="holdpoint-test",
            definition=known("{}"),
            statements=lambda _arn: nothing,
            log_retention_days=14,
            log_execution_data=False,
        ),
    )
    return Operator(
        "operator",
        OperatorArgs(
            prefix="holdpoint-test",
            workflows=[workflow],
            bucket_arn=known(BUCKET_ARN),
            log_group_arns=[known(LOGS_ARN)],
            kms_key_arn=KEY_ARN,
        ),
    )


@pulumi.runtime.test
def test_operator_may_start_follow_and_read(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        by_resource: dict[str, set[str]] = {}
        for action, arns in actions(seen.statements("operator-policy")).items():
            for arn in arns:
                by_resource.setdefault(arn, set()).add(action)
        assert by_resource == {
            MACHINE_ARN: {
                "states:StartExecution",
                "states:ListExecutions",
                "states:DescribeStateMachine",
                "states:DescribeStateMachineAlias",
                "states:ListStateMachineVersions",
                "states:UpdateStateMachineAlias",
            },
            EXECUTIONS_ARN: {
                "states:DescribeExecution",
                "states:DescribeStateMachineForExecution",
                "states:GetExecutionHistory",
                "states:StopExecution",
                "states:RedriveExecution",
            },
            BUCKET_ARN: {"s3:ListBucket"},
            f"{BUCKET_ARN}/*": {"s3:GetObject"},
            f"{BUCKET_ARN}/inputs/*": {"s3:PutObject"},
            LOGS_ARN: {"logs:DescribeLogStreams", "logs:FilterLogEvents"},
            f"{LOGS_ARN}:*": {"logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents"},
            "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*": {"cloudwatch:DescribeAlarms"},
            "*": {"cloudwatch:ListMetrics"},
        }
        assert key_uses(seen.statements("operator-policy"), KEY_ARN) == {
            "s3": {"Decrypt", "GenerateDataKey"},
            "states": {"Decrypt", "GenerateDataKey"},
        }

    return recording.settled(_operator()).apply(check)


@pulumi.runtime.test
def test_only_this_account_may_assume_the_role(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        role = seen.one("iam/role:Role", "operator-role")
        assert role["name"] == "holdpoint-test-operator-use1"
        (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
        assert statement["Action"] == "sts:AssumeRole"
        assert statement["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}

    return recording.settled(_operator()).apply(check)
