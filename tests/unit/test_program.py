"""The whole program, run for each stack: outputs, configuration, data retention and logs."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.stack import load
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import ROOT, STACKS, outputs, recorded

OUTPUTS = {
    "s3_bucket_name",
    "s3_bucket_arn",
    "s3_input_prefix",
    "s3_output_prefix",
    "s3_log_prefix",
    "kms_key_arn",
    "state_machine_arn",
    "state_machine_alias_arn",
    "state_machine_name",
    "callback_api_endpoint",
    "callback_lambda_arn",
    "dynamodb_table_name",
    "secrets_manager_arn",
    "stepfunctions_execution_role_arn",
    "stepfunctions_user_role_arn",
    "mock_validation_lambda_arn",
    "mock_deployment_lambda_arn",
    "mock_notification_lambda_arn",
    "mock_api_endpoint",
    "example_execution_command",
    "sweeper_lambda_arn",
    "recorder_lambda_arn",
    "catch_up_lambda_arn",
    "orders_finisher_lambda_arn",
    "orders_state_machine_arn",
    "orders_state_machine_alias_arn",
    "orders_state_machine_name",
    "orders_event_bus_name",
    "orders_event_rule_name",
    "orders_dlq_url",
    "orders_table_name",
    "payments_table_name",
    "inventory_table_name",
    "reservations_table_name",
    "user_service_lambda_arn",
    "order_service_lambda_arn",
    "payment_service_lambda_arn",
    "inventory_service_lambda_arn",
    "notification_service_lambda_arn",
    "dashboard_name",
    "alarm_topic_arn",
    "reminder_topic_arn",
    "workflows",
    "rollout",
}
"""The contract with other teams: outputs are added, never renamed."""

RUNTIMES = {"python3.11", "python3.12", "python3.13", "python3.14"}
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""


@pytest.fixture(params=STACKS)
def program(request: pytest.FixtureRequest) -> Recording:
    """Return the resources of a stack."""
    return recorded(request.param)


def _strings(value: Any) -> Iterator[str]:
    """Return all texts in a value, including keys."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("stack", STACKS)
def test_outputs_are_those_of_the_contract(stack: str) -> None:
    exported = dict(outputs(stack))
    assert exported.keys() == OUTPUTS
    assert exported.pop("workflows") == [
        {
            "name": exported[f"{prefix}state_machine_name"],
            "arn": exported[f"{prefix}state_machine_arn"],
            "alias_arn": exported[f"{prefix}state_machine_alias_arn"],
            "kind": kind,
        }
        for prefix, kind in (("", "release"), ("orders_", "orders"))
    ]
    assert exported.pop("kms_key_arn") == ""
    assert exported.pop("rollout") == {"strategy": "all-at-once", "pause_minutes": 10}
    assert all(isinstance(value, str) and value for value in exported.values())
    assert {name for name, value in exported.items() if value.startswith("arn:aws:")} == {
        name for name in OUTPUTS - {"kms_key_arn"} if name.endswith("_arn")
    }
    assert {name for name, value in exported.items() if value.startswith("https://")} == {
        name for name in OUTPUTS if name.endswith(("_endpoint", "_url"))
    }
    assert exported["callback_api_endpoint"].endswith("/callback")
    assert exported["state_machine_name"] == f"holdpoint-{stack}-release"
    assert exported["state_machine_alias_arn"] == f"{exported['state_machine_arn']}:live"
    assert f" {exported['state_machine_alias_arn']} " in exported["example_execution_command"]


@pytest.mark.parametrize("stack", [*STACKS, "local"])
def test_default_tags_come_from_the_stack_file(stack: str) -> None:
    settings = load(ROOT, stack, encrypted="not-read")
    assert settings.default_tags == {"Project": "holdpoint", "Environment": stack, "ManagedBy": "pulumi"}
    assert settings.config["holdpoint:environment"] == stack


def test_production_data_is_protected() -> None:
    recording = recorded("prod")
    assert recording.one("s3/bucket:Bucket")["forceDestroy"] is False
    tables = recording.all("dynamodb/table:Table")
    assert tables
    assert all(table.inputs["deletionProtectionEnabled"] is True for table in tables)
    assert recording.one("secretsmanager/secret:Secret")["recoveryWindowInDays"] > 0


def test_a_preview_registers_what_an_update_registers() -> None:
    update = recorded("dev")
    preview = recorded("dev", preview=True)

    def registered(recording: Recording) -> list[tuple[str, str]]:
        return sorted((each.type, each.name) for each in recording.resources)

    assert len(registered(update)) > 50
    assert registered(preview) == registered(update)
    assert outputs("dev", preview=True).keys() <= OUTPUTS


def test_every_log_group_has_a_retention(program: Recording) -> None:
    groups = program.all("cloudwatch/logGroup:LogGroup")
    assert all(group.inputs["retentionInDays"] > 0 for group in groups)
    services = len(program.all("lambda/function:Function")) + len(program.all("sfn/stateMachine:StateMachine"))
    assert len(groups) == services + len(program.all("apigatewayv2/api:Api"))


def test_functions_run_on_supported_runtimes_and_are_traced(program: Recording) -> None:
    functions = program.all("lambda/function:Function")
    # Each has an output, but for the clock of the reservations.
    assert len(functions) == sum(name.endswith("_lambda_arn") for name in OUTPUTS) + 1
    for function in functions:
        assert function.inputs["runtime"] in RUNTIMES
        assert function.inputs["tracingConfig"] == {"mode": "Active"}


def test_every_data_store_is_encrypted(program: Recording) -> None:
    assert len(
        program.all("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
    ) == len(program.all("s3/bucket:Bucket"))
    assert all(queue.inputs["sqsManagedSseEnabled"] for queue in program.all("sqs/queue:Queue"))
    topics = {topic.name: topic.inputs.get("kmsMasterKeyId") for topic in program.all("sns/topic:Topic")}
    # An alarm says no more than its name and a number; CloudWatch cannot use a key that AWS keeps for SNS.
    assert topics == {"hold-sweeper-reminders": "alias/aws/sns", "monitoring-alarms": None}
    # Tables, secrets, log groups and functions are encrypted by AWS with keys of its own.
