"""A state machine with its role and its log group."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from asl.states import Statement
from components import defaults
from components.aws_location import AwsLocation, aws_location, role_name
from components.encryption import machine_encryption
from components.policies import DELIVER_LOGS, SEND_TRACES, allow, document, trust_for
from components.rollout import Rollout, live_alias

# X-Ray accepts no resources for these actions. Step Functions, unlike Lambda, fetches the sampling rules itself.
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
SAMPLE_TRACES = allow(["xray:GetSamplingRules", "xray:GetSamplingTargets"], ["*"])

DELETE_TIMEOUT = "30m"
"""AWS deletes a state machine after its last execution has ended; the provider's default is to give up after 5 minutes.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html"""


@dataclass(frozen=True, kw_only=True)
class WorkflowArgs:
    """A definition as JSON text, and its permissions.

    `statements` receives the state machine's own ARN, to which IAM ties some permissions.
    `kms_key_arn` encrypts definition, executions and log; it is empty for AWS's own keys.
    `log_execution_data` logs inputs and outputs of the states, including task tokens.
    """

    prefix: str
    definition: pulumi.Input[str]
    statements: Callable[[pulumi.Output[str]], pulumi.Output[list[Statement]]]
    log_retention_days: pulumi.Input[int] = defaults.LOG_RETENTION_DAYS
    log_execution_data: pulumi.Input[bool] = False
    kms_key_arn: pulumi.Input[str] | None = None
    rollout: Rollout = field(default_factory=Rollout)


@dataclass(frozen=True, kw_only=True)
class RecordedStateMachine:
    """A state machine, and whether its successes are recorded as well."""

    arn: pulumi.Output[str]
    successes: bool


class Workflow(pulumi.ComponentResource):
    """A standard state machine, traced by X-Ray, which logs its states and errors.

    Each change publishes a version. Executions start through `alias_arn`, and end with the version that they began
    with.

    Example:
        workflow = Workflow(
            "approval",
            WorkflowArgs(
                prefix="shop-dev",
                definition=json.dumps(definition),
                statements=lambda arn: pulumi.Output.from_input([allow(["sns:Publish"], [topic.arn])]),
            ),
        )
    """

    arn: pulumi.Output[str]
    alias_arn: pulumi.Output[str]
    name: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    log_group_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: WorkflowArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Workflow", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        here = aws_location(self)
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            # CloudWatch's resource policy has a size limit that every other prefix counts against.
            # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
            name=f"/aws/vendedlogs/states/{args.prefix}-{name}",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.kms_key_arn,
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name(self, f"{args.prefix}-{name}-workflow"),
            description=f"What the state machine {args.prefix}-{name} may do",
            # The pattern that AWS documents; an execution may also start through a version or an alias.
            # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
            assume_role_policy=trust_for(
                "states.amazonaws.com", here.apply(lambda known: known.arn("states", "stateMachine:*"))
            ),
            opts=child,
        )
        # Not from the state machine's outputs: its permissions must exist, and change, before it does.
        own_arn = machine_arn(self, args.prefix, name)
        encryption = pulumi.Output.all(here, args.kms_key_arn).apply(
            lambda known: _encrypt(known[0], f"{args.prefix}-{name}", known[1])
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name="permissions",
            role=role.name,
            policy=document(
                pulumi.Output.all(args.statements(own_arn), encryption).apply(
                    lambda known: [*known[0], *known[1], DELIVER_LOGS, SEND_TRACES, SAMPLE_TRACES]
                ),
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
            encryption_configuration=machine_encryption(args.kms_key_arn),
            tracing_configuration={"enabled": True},
            publish=True,
            opts=pulumi.ResourceOptions(
                parent=self,
                # Step Functions checks its permissions on the log when the state machine is created.
                depends_on=[policy],
                custom_timeouts=pulumi.CustomTimeouts(delete=DELETE_TIMEOUT),
            ),
        )
        self.arn = machine.arn
        self.alias_arn = live_alias(name, machine, args.rollout, self)
        self.name = machine.name
        self.role_arn = role.arn
        self.log_group_arn = log_group.arn
        self.log_group_name = log_group.name
        self.register_outputs({"arn": self.arn, "name": self.name})

    def described(self, kind: str) -> dict[str, pulumi.Input[str]]:
        """Return an item of the stack output `workflows`."""
        return {"name": self.name, "arn": self.arn, "alias_arn": self.alias_arn, "kind": kind}


def _encrypt(here: AwsLocation, name: str, kms_key_arn: str | None) -> list[Statement]:
    """Let Step Functions encrypt the executions and the log of a state machine, with its role.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    """
    if kms_key_arn is None:
        return []
    own_arn = here.arn("states", f"stateMachine:{name}")
    # An execution may start through a version.
    executions = {"kms:EncryptionContext:aws:states:stateMachineArn": [own_arn, f"{own_arn}:*"]}
    logs = {"kms:EncryptionContext:SourceArn": here.arn("logs", "*")}
    return [
        {**allow(["kms:Decrypt", "kms:GenerateDataKey"], [kms_key_arn]), "Condition": {"StringLike": executions}},
        {**allow(["kms:GenerateDataKey"], [kms_key_arn]), "Condition": {"StringEquals": logs}},
    ]


def machine_arn(parent: pulumi.Resource, prefix: str, name: str) -> pulumi.Output[str]:
    """Return the ARN of the `Workflow` of that name in the account and region of `parent`; it need not exist yet."""
    return aws_location(parent).apply(lambda known: known.arn("states", f"stateMachine:{prefix}-{name}"))


def unqualified_arn(state_machine_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return a state machine's own ARN for that of an alias or version: IAM checks it for all of them.

    https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    """
    return pulumi.Output.from_input(state_machine_arn).apply(lambda arn: ":".join(arn.split(":")[:7]))


def execution_arns(state_machine_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return a pattern for IAM that matches all executions of a state machine.

    An execution's ARN is its state machine's with another resource type and the execution's name behind it.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
    """
    return pulumi.Output.from_input(state_machine_arn).apply(
        lambda arn: arn.replace(":stateMachine:", ":execution:", 1) + ":*"
    )
