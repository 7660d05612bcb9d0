"""State machines: own role and log, tracing, and no data in the log."""

import json

import pulumi
import pytest

from components.policies import allow
from components.workflow import Workflow, WorkflowArgs, execution_arns
from tests.unit.components.builders import EXECUTIONS_ARN, KEY_ARN, MACHINE_ARN, known
from tests.unit.components.recording import Recording, actions

OWN_ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:holdpoint-test-release"


@pytest.fixture(autouse=True)
def _mocks(recording: Recording) -> None:
    """Build on a new recording."""


def _workflow(*, log_execution_data: bool = False, kms_key_arn: str | None = None) -> Workflow:
    return Workflow(
        "release",
        WorkflowArgs(
            prefix="holdpoint-test",
            definition=known('{"StartAt": "Here"}'),
            statements=lambda own_arn: own_arn.apply(
                lambda own: [allow(["s3:GetObject"], ["arn:bucket"]), allow(["states:InvokeHTTPEndpoint"], [own])]
            ),
            log_retention_days=14,
            log_execution_data=log_execution_data,
            kms_key_arn=kms_key_arn,
        ),
    )


@pulumi.runtime.test
def test_machine_is_standard_and_traced(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        machine = seen.one("sfn/stateMachine:StateMachine")
        assert (machine["name"], machine["type"]) == ("holdpoint-test-release", "STANDARD")
        assert machine["definition"] == '{"StartAt": "Here"}'
        assert machine["tracingConfiguration"] == {"enabled": True}
        assert machine["roleArn"].endswith(":release-role")

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_deletion_waits_for_running_executions(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.delete_timeouts == {"release": "30m"}

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_log_has_states_without_data(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        group = seen.one("cloudwatch/logGroup:LogGroup")
        assert group["name"] == "/aws/vendedlogs/states/holdpoint-test-release"
        assert group["retentionInDays"] == 14
        assert seen.one("sfn/stateMachine:StateMachine")["loggingConfiguration"] == {
            "level": "ALL",
            "includeExecutionData": False,
            "logDestination": "arn:aws:cloudwatch:us-east-1:123456789012:release-logs:*",
        }

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_log_has_data_if_enabled(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        logging = seen.one("sfn/stateMachine:StateMachine")["loggingConfiguration"]
        assert logging["includeExecutionData"] is True

    return recording.settled(_workflow(log_execution_data=True)).apply(check)


@pulumi.runtime.test
def test_role_allows_the_statements_logging_and_tracing(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        allowed = actions(seen.statements("release-policy"))
        assert allowed.pop("s3:GetObject") == ["arn:bucket"]
        assert allowed.pop("states:InvokeHTTPEndpoint") == [OWN_ARN]
        assert {action.split(":")[0] for action in allowed} == {"logs", "xray"}
        assert allowed.keys() >= {"logs:CreateLogDelivery", "xray:PutTraceSegments", "xray:PutTelemetryRecords"}
        # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
        assert allowed.keys() >= {"xray:GetSamplingRules", "xray:GetSamplingTargets"}
        (trust,) = json.loads(seen.one("iam/role:Role")["assumeRolePolicy"])["Statement"]
        assert trust["Principal"] == {"Service": "states.amazonaws.com"}
        assert trust["Condition"] == {
            "ArnLike": {"aws:SourceArn": "arn:aws:states:us-east-1:123456789012:stateMachine:*"},
            "StringEquals": {"aws:SourceAccount": "123456789012"},
        }

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_policy_that_names_the_machine_does_not_depend_on_it(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        (policy,) = seen.all("iam/rolePolicy:RolePolicy")
        assert "release" not in seen.dependencies[policy.name]
        assert policy.name in seen.dependencies["release"]

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_arn_pattern_of_executions() -> pulumi.Output[None]:
    def check(arns: str) -> None:
        assert arns == EXECUTIONS_ARN

    return execution_arns(known(MACHINE_ARN)).apply(check)


@pulumi.runtime.test
def test_machine_depends_on_its_policies(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.dependencies["release"] >= {"release-policy", "release-logs", "release-role"}

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_key_encrypts_executions_and_log_only(
    recording: Recording,
) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.one("sfn/stateMachine:StateMachine")["encryptionConfiguration"] == {
            "type": "CUSTOMER_MANAGED_KMS_KEY",
            "kmsKeyId": KEY_ARN,
            "kmsDataKeyReusePeriodSeconds": 300,
        }
        assert seen.one("cloudwatch/logGroup:LogGroup")["kmsKeyId"] == KEY_ARN
        # https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
        uses = [each for each in seen.statements("release-policy") if each["Resource"] == [KEY_ARN]]
        assert [(each["Action"], each["Condition"]) for each in uses] == [
            (
                ["kms:Decrypt", "kms:GenerateDataKey"],
                {"StringLike": {"kms:EncryptionContext:aws:states:stateMachineArn": [OWN_ARN, f"{OWN_ARN}:*"]}},
            ),
            (
                ["kms:GenerateDataKey"],
                {"StringEquals": {"kms:EncryptionContext:SourceArn": "arn:aws:logs:us-east-1:123456789012:*"}},
            ),
        ]

    return recording.settled(_workflow(kms_key_arn=KEY_ARN)).apply(check)
