"""A state machine has a role and a log of its own, tells no data in it, and is traced."""

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
    """Each test builds on its own recording."""


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
def test_is_a_standard_traced_machine_with_the_definition(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        machine = seen.one("sfn/stateMachine:StateMachine")
        assert (machine["name"], machine["type"]) == ("holdpoint-test-release", "STANDARD")
        assert machine["definition"] == '{"StartAt": "Here"}'
        assert machine["tracingConfiguration"] == {"enabled": True}
        assert machine["roleArn"].endswith(":release-role")

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_its_deletion_may_wait_for_its_last_execution(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.delete_timeouts == {"release": "30m"}

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_logs_its_states_without_their_data(recording: Recording) -> pulumi.Output[None]:
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
def test_logs_data_only_when_told_to(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        logging = seen.one("sfn/stateMachine:StateMachine")["loggingConfiguration"]
        assert logging["includeExecutionData"] is True

    return recording.settled(_workflow(log_execution_data=True)).apply(check)


@pulumi.runtime.test
def test_may_do_what_its_statements_say_and_log_and_trace(recording: Recording) -> pulumi.Output[None]:
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
def test_rights_that_name_the_machine_do_not_wait_for_it(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        (policy,) = seen.all("iam/rolePolicy:RolePolicy")
        assert "release" not in seen.dependencies[policy.name]
        assert policy.name in seen.dependencies["release"]

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_the_executions_of_a_machine() -> pulumi.Output[None]:
    def check(arns: str) -> None:
        assert arns == EXECUTIONS_ARN

    return execution_arns(known(MACHINE_ARN)).apply(check)


@pulumi.runtime.test
def test_is_made_when_its_rights_are_there(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        assert seen.dependencies["release"] >= {"release-policy", "release-logs", "release-role"}

    return recording.settled(_workflow()).apply(check)


@pulumi.runtime.test
def test_a_key_encrypts_executions_and_log_and_the_role_uses_it_for_nothing_else(
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
                {"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": OWN_ARN}},
            ),
            (
                ["kms:GenerateDataKey"],
                {"StringEquals": {"kms:EncryptionContext:SourceArn": "arn:aws:logs:us-east-1:123456789012:*"}},
            ),
        ]

    return recording.settled(_workflow(kms_key_arn=KEY_ARN)).apply(check)
