"""Alarms, a dashboard and a saved query."""

import json

import pulumi
import pulumi_aws as aws


def monitor(machine: aws.sfn.StateMachine, topic: aws.sns.Topic, logs: aws.cloudwatch.LogGroup) -> None:
    """Every kind of alarm for the state machine, told to the topic; a dashboard; a query of the logs."""
    failed = aws.cloudwatch.MetricAlarm(
        "failed",
        name="everything-failed",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        metric_name="ExecutionsFailed",
        namespace="AWS/States",
        period=300,
        statistic="Sum",
        threshold=0.5,
        dimensions={"StateMachineArn": machine.arn},
        alarm_actions=[topic.arn],
        ok_actions=[topic.arn],
        treat_missing_data="notBreaching",
        warm_up_configuration={"warm_up_period_duration_in_minutes": 20},
    )
    rate = aws.cloudwatch.MetricAlarm(
        "rate",
        name="everything-rate",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        threshold=5,
        metric_queries=[
            {"id": "rate", "expression": "100 * failed", "label": "Failed", "return_data": True},
            {
                "id": "failed",
                "metric": {
                    "metric_name": "ExecutionsFailed",
                    "namespace": "AWS/States",
                    "period": 300,
                    "stat": "Sum",
                    "dimensions": {"StateMachineArn": machine.arn},
                },
            },
        ],
    )
    aws.cloudwatch.CompositeAlarm(
        "any",
        alarm_name="everything-any",
        alarm_rule=pulumi.Output.concat("ALARM(", failed.name, ") OR ALARM(", rate.name, ")"),
        alarm_actions=[topic.arn],
    )
    aws.cloudwatch.Dashboard("dashboard", dashboard_name="everything", dashboard_body=json.dumps({"widgets": []}))
    aws.cloudwatch.QueryDefinition("query", name="errors", query_string="fields @message", log_group_names=[logs.name])
