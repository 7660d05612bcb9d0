"""A state machine with its role and its log group."""

from collections.abc import Callable
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from asl.states import Statement
from components.policies import DELIVER_LOGS, SEND_TRACES, allow, document, trust

# X-Ray knows no resources for these actions. Step Functions, unlike Lambda, asks X-Ray itself what to sample.
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
SAMPLE_TRACES = allow(["xray:GetSamplingRules", "xray:GetSamplingTargets"], ["*"])


@dataclass(frozen=True, kw_only=True)
class WorkflowArgs:
    """A definition as JSON text and what it may do.

    `own_statements` says what IAM ties to the state machine's own ARN, which is known only when it is there.
    `log_execution_data` puts inputs and outputs of the states into the log, task tokens among them.
    """

    prefix: str
    definition: pulumi.Output[str]
    statements: pulumi.Output[list[Statement]]
    log_retention_days: int
    log_execution_data: bool
    own_statements: Callable[[pulumi.Output[str]], pulumi.Output[list[Statement]]] | None = None


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A state machine, the longest that it runs, in seconds, and whether its successes are recorded as well."""

    arn: pulumi.Output[str]
    timeout_seconds: int
    successes: bool


class Workflow(pulumi.ComponentResource):
    """A standard state machine, traced by X-Ray, whose log tells states and errors."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    log_group_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: WorkflowArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Workflow", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            # CloudWatch's resource policy has a size limit that every other prefix counts against.
            # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
            name=f"/aws/vendedlogs/states/{args.prefix}-{name}",
            retention_in_days=args.log_retention_days,
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=f"{args.prefix}-{name}-workflow",
            description=f"What the state machine {args.prefix}-{name} may do",
            assume_role_policy=trust("states.amazonaws.com"),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name="permissions",
            role=role.name,
            policy=document(
                args.statements.apply(lambda own: [*own, DELIVER_LOGS, SEND_TRACES, SAMPLE_TRACES]),
            ),
            opts=child,
        )
        machine = aws.sfn.StateMachine(
            name,
            name=f"{args.prefix}-{name}",
            type="STANDARD",
            role_arn=role.arn,
            definition=args.definition,
            logging_configuration={
                "level": "ALL",
                "include_execution_data": args.log_execution_data,
                "log_destination": log_group.arn.apply(lambda arn: f"{arn}:*"),
            },
            tracing_configuration={"enabled": True},
            # Step Functions tries out the rights to its log when the state machine is made.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        if args.own_statements is not None:
            aws.iam.RolePolicy(
                f"{name}-own-policy",
                name="own-permissions",
                role=role.name,
                policy=document(args.own_statements(machine.arn)),
                opts=child,
            )
        self.arn = machine.arn
        self.name = machine.name
        self.role_arn = role.arn
        self.log_group_arn = log_group.arn
        self.log_group_name = log_group.name
        self.register_outputs({"arn": self.arn, "name": self.name})


def execution_arns(state_machine_arn: pulumi.Output[str]) -> pulumi.Output[str]:
    """All executions of a state machine, as a pattern for IAM.

    An execution's ARN is its state machine's with another resource type and the execution's name behind it.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
    """
    return state_machine_arn.apply(lambda arn: arn.replace(":stateMachine:", ":execution:", 1) + ":*")
