"""The role of the people and machines that start and follow releases."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from asl.release.targets import INPUT_PREFIX
from components.aws_location import PARTITION, aws_location, role_name
from components.policies import allow, document, write_with_key
from components.workflow import Workflow, execution_arns


@dataclass(frozen=True, kw_only=True)
class OperatorArgs:
    """The workflows to operate, the bucket of their files, and the log groups to read."""

    prefix: str
    workflows: Sequence[Workflow]
    bucket_arn: pulumi.Input[str]
    log_group_arns: Sequence[pulumi.Input[str]]
    kms_key_arn: pulumi.Input[str] | None = None
    input_prefix: pulumi.Input[str] = INPUT_PREFIX


class Operator(pulumi.ComponentResource):
    """A role that any principal of this account may assume whose own policies allow it.

    Example:
        Operator(
            "operator",
            OperatorArgs(
                prefix="shop-dev",
                workflows=[release.workflow],
                bucket_arn=storage.bucket_arn,
                log_group_arns=[release.workflow.log_group_arn],
            ),
        )
    """

    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: OperatorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Operator", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        machines = [workflow.arn for workflow in args.workflows]
        executions = [execution_arns(arn) for arn in machines]
        log_streams = [pulumi.Output.concat(arn, ":*") for arn in args.log_group_arns]
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name(self, f"{args.prefix}-{name}"),
            description="Starts executions, follows them, reads their files and logs",
            assume_role_policy=self._trust_account(),
            opts=child,
        )
        aws.iam.RolePolicy(
            f"{name}-policy",
            name="permissions",
            role=role.name,
            policy=document(
                [
                    allow(["states:StartExecution", "states:ListExecutions", "states:DescribeStateMachine"], machines),
                    # For `python -m ops rollback`, which operators need at night, too.
                    allow(
                        [
                            "states:DescribeStateMachineAlias",
                            "states:ListStateMachineVersions",
                            "states:UpdateStateMachineAlias",
                        ],
                        machines,
                    ),
                    allow(
                        [
                            "states:DescribeExecution",
                            "states:DescribeStateMachineForExecution",
                            "states:GetExecutionHistory",
                            "states:StopExecution",
                            "states:RedriveExecution",
                        ],
                        executions,
                    ),
                    allow(["s3:ListBucket"], [args.bucket_arn]),
                    allow(["s3:GetObject"], [pulumi.Output.concat(args.bucket_arn, "/*")]),
                    allow(["s3:PutObject"], [pulumi.Output.concat(args.bucket_arn, "/", args.input_prefix, "*")]),
                    # A log group's ARN is documented without `:*` and, for the same actions, with it.
                    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
                    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
                    allow(["logs:DescribeLogStreams", "logs:FilterLogEvents"], [*args.log_group_arns, *log_streams]),
                    allow(["logs:GetLogEvents"], log_streams),
                    # `ops cost` counts the alarms and metrics of a month; AWS takes no resource for
                    # the metrics. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
                    allow(["cloudwatch:DescribeAlarms"], [self._alarms()]),
                    allow(["cloudwatch:ListMetrics"], ["*"]),
                    *write_with_key(args.kms_key_arn, "s3", "states"),
                ]
            ),
            opts=child,
        )
        self.role_arn = role.arn
        self.register_outputs({"role_arn": self.role_arn})

    def _alarms(self) -> pulumi.Output[str]:
        return aws_location(self).apply(lambda known: known.arn("cloudwatch", "alarm:*"))

    def _trust_account(self) -> pulumi.Output[str]:
        return aws_location(self).apply(
            lambda known: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "sts:AssumeRole",
                            "Principal": {"AWS": f"arn:{PARTITION}:iam::{known.account}:root"},
                        }
                    ],
                }
            )
        )
