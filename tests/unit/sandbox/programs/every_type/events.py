"""A state machine and all that may start it or a function: buses, rules, schedules."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from tests.unit.sandbox.programs.every_type.policies import policy, trust


def state_machine() -> tuple[aws.sfn.StateMachine, aws.iam.Role]:
    """Create a state machine with logs, and its role."""
    machine_role = aws.iam.Role(
        "machine-role",
        name="everything-machine",
        assume_role_policy=trust("states.amazonaws.com", "events.amazonaws.com"),
    )
    deliver_logs = aws.iam.RolePolicy(
        "machine-log-delivery",
        role=machine_role.name,
        policy=policy({"Effect": "Allow", "Action": "logs:*", "Resource": "*"}),
    )
    machine_logs = aws.cloudwatch.LogGroup(
        "machine-logs", name="/aws/vendedlogs/states/everything", retention_in_days=14
    )
    machine = aws.sfn.StateMachine(
        "machine",
        role_arn=machine_role.arn,
        definition=json.dumps(
            {
                "QueryLanguage": "JSONata",
                "StartAt": "Done",
                "States": {"Done": {"Type": "Succeed"}},
                "TimeoutSeconds": 60,
            }
        ),
        logging_configuration={
            "level": "ALL",
            "include_execution_data": False,
            "log_destination": machine_logs.arn.apply(lambda arn: f"{arn}:*"),
        },
        tracing_configuration={"enabled": True},
        publish=True,
        opts=pulumi.ResourceOptions(depends_on=[deliver_logs]),
    )
    aws.sfn.Alias(
        "machine-live",
        name="live",
        routing_configurations=[{"state_machine_version_arn": machine.state_machine_version_arn, "weight": 100}],
    )
    aws.cloudwatch.LogResourcePolicy(
        "log-delivery",
        policy_name="everything",
        policy_document=policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "delivery.logs.amazonaws.com"},
                "Action": "logs:PutLogEvents",
                "Resource": "*",
            }
        ),
    )
    return machine, machine_role


def schedules_and_rules(
    machine: aws.sfn.StateMachine,
    role: aws.iam.Role,
    function: aws.lambda_.Function,
    dead_letters: aws.sqs.Queue,
    password: random.RandomPassword,
) -> None:
    """A rule on a bus of its own, a rule by the clock, a schedule, an archive and a connection."""
    aws.cloudwatch.EventConnection(
        "connection",
        description="a connection",
        authorization_type="API_KEY",
        auth_parameters={
            "api_key": {
                "key": "Authorization",
                "value": password.result.apply(lambda token: f"Bearer {token}"),
            }
        },
    )
    bus = aws.cloudwatch.EventBus("bus", name="everything")
    rule = aws.cloudwatch.EventRule(
        "rule", event_bus_name=bus.name, event_pattern=json.dumps({"source": ["everything"]}), description="a rule"
    )
    aws.cloudwatch.EventTarget(
        "rule-target",
        rule=rule.name,
        event_bus_name=bus.name,
        arn=machine.arn,
        role_arn=role.arn,
        input_path="$.detail",
        dead_letter_config={"arn": dead_letters.arn},
        retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 3},
    )
    every_five = aws.cloudwatch.EventRule("every-five", schedule_expression="rate(5 minutes)")
    aws.cloudwatch.EventTarget("every-five-target", rule=every_five.name, target_id="function", arn=function.arn)
    aws.cloudwatch.EventArchive("archive", name="everything", event_source_arn=bus.arn, retention_days=30)
    aws.scheduler.Schedule(
        "schedule",
        schedule_expression="rate(1 hour)",
        flexible_time_window={"mode": "OFF"},
        target={"arn": function.arn, "role_arn": role.arn},
    )
