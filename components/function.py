"""A Lambda function with its role and its log group. Every function of the program is made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pulumi
import pulumi_aws as aws

from asl.states import Statement
from components import defaults
from components.aws_location import role_name
from components.config_errors import ConfigError
from components.policies import SEND_TRACES, USE_NETWORK_INTERFACES, allow, document, trust, write_with_key
from facts import LIVE_ALIAS, METRICS_NAMESPACE

MAX_TIMEOUT_SECONDS = 900
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html"""


@dataclass(frozen=True, kw_only=True)
class FunctionOverride:
    """Settings that one function overrides: MB, seconds, concurrent executions; None keeps the shared setting."""

    memory_size: int | None = None
    timeout_seconds: int | None = None
    reserved_concurrency: int | None = None


@dataclass(frozen=True, kw_only=True)
class FunctionNetwork:
    """Subnets and security groups in which functions run. They need a route to every AWS service that is called."""

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """Settings that all functions of a stack share.

    Attributes:
        prefix: the prefix of their names.
        bundle: the zip file or the folder of their code.
        identifier: Lambda's identifier of the runtime, such as `python3.13`.
        architecture: `arm64` or `x86_64`.
        memory_size: MB.
        log_retention_days: days.
        log_level: the lowest level that functions log.
        overrides: settings of single functions, by the names of their components.
        network: where the functions run; None for no VPC.
    """

    prefix: str
    bundle: Path
    identifier: pulumi.Input[str] = defaults.LAMBDA_RUNTIME
    architecture: pulumi.Input[str] = defaults.LAMBDA_ARCHITECTURE
    memory_size: pulumi.Input[int] = defaults.LAMBDA_MEMORY_SIZE
    log_retention_days: pulumi.Input[int] = defaults.LOG_RETENTION_DAYS
    log_level: pulumi.Input[str] = defaults.LOG_LEVEL
    overrides: Mapping[str, FunctionOverride] = field(default_factory=dict)
    network: FunctionNetwork | None = None


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    """One function: `handler` is the dotted name in the bundle, `timeout` is in seconds.

    An override of the timeout must be within `timeout_range`, in seconds.

    `kms_key_arn` encrypts its environment, its log and its dead letters; it is empty for AWS's own keys.
    """

    runtime: Runtime
    handler: str
    timeout: int = defaults.LAMBDA_TIMEOUT
    timeout_range: tuple[int, int] = (1, MAX_TIMEOUT_SECONDS)
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    statements: Sequence[Statement] = ()
    kms_key_arn: pulumi.Input[str] | None = None
    dead_letters: aws.sqs.Queue | None = None


class Function(pulumi.ComponentResource):
    """A function that may do only what its statements say, and write its own log.

    Each change of its code or settings publishes a version. Definitions of state machines name `version_arn`, so that
    an execution calls the code that its version of the state machine was deployed with. All other callers use `live`.

    Example:
        runtime = Runtime(prefix="shop-dev", bundle=Path("dist/functions.zip"))
        function = Function("refund", FunctionArgs(runtime=runtime, handler="handlers.refund.handler"))
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    version_arn: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    log_group_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]
    dead_letters: aws.sqs.Queue | None

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Function", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        function_name = f"{args.runtime.prefix}-{name}"
        override = args.runtime.overrides.get(name, FunctionOverride())
        network, dead_letters = args.runtime.network, args.dead_letters

        log_group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=f"/aws/lambda/{function_name}",
            retention_in_days=args.runtime.log_retention_days,
            kms_key_id=args.kms_key_arn,
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name(self, function_name),
            description=f"What the function {function_name} may do",
            assume_role_policy=trust("lambda.amazonaws.com"),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name="permissions",
            role=role.name,
            policy=document(_statements(args, log_group)),
            opts=child,
        )
        function = aws.lambda_.Function(
            name,
            name=function_name,
            role=role.arn,
            package_type="Zip",
            code=pulumi.FileArchive(str(args.runtime.bundle)),
            handler=args.handler,
            runtime=args.runtime.identifier,
            architectures=[args.runtime.architecture],
            memory_size=override.memory_size or args.runtime.memory_size,
            timeout=_timeout(name, override, args),
            reserved_concurrent_executions=override.reserved_concurrency,
            publish=True,
            environment={
                "variables": {
                    # The only dimension of the function's metrics, so the stacks of an account must not share a value.
                    "POWERTOOLS_SERVICE_NAME": function_name,
                    "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
                    "POWERTOOLS_LOG_LEVEL": args.runtime.log_level,
                    **args.environment,
                }
            },
            kms_key_arn=args.kms_key_arn,
            tracing_config={"mode": "Active"},
            logging_config={"log_format": "JSON", "log_group": log_group.name},
            vpc_config={"subnet_ids": network.subnet_ids, "security_group_ids": network.security_group_ids}
            if network is not None
            else None,
            dead_letter_config={"target_arn": dead_letters.arn} if dead_letters is not None else None,
            # A function that is called before it has its permissions would fail. Without the log group, Lambda
            # would create one that keeps its events forever.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy, log_group]),
        )
        self._name = name
        self._function = function
        self.name = function.name
        self.arn = function.arn
        self.version_arn = function.qualified_arn
        self.role_arn = role.arn
        self.log_group_arn = log_group.arn
        self.log_group_name = log_group.name
        self.dead_letters = dead_letters
        self.register_outputs({"name": self.name, "arn": self.arn})

    @cached_property
    def live(self) -> aws.lambda_.Alias:
        """Create the alias through which rules and APIs call the newest version; other functions have none."""
        return aws.lambda_.Alias(
            f"{self._name}-live",
            name=LIVE_ALIAS,
            description="Called by rules and APIs",
            function_name=self._function.name,
            function_version=self._function.version,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _statements(args: FunctionArgs, log_group: aws.cloudwatch.LogGroup) -> list[Statement]:
    """Return the permissions of the function: the given ones, and those of its log, traces, network and queue."""
    queue = args.dead_letters
    log_streams = log_group.arn.apply(lambda arn: f"{arn}:*")
    # Lambda sends failed events with the function's role.
    dead_letters = [allow(["sqs:SendMessage"], [queue.arn]), *write_with_key(args.kms_key_arn, "sqs")] if queue else []
    return [
        *args.statements,
        *dead_letters,
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log_streams]),
        SEND_TRACES,
        *([USE_NETWORK_INTERFACES] if args.runtime.network is not None else []),
    ]


def _timeout(name: str, override: FunctionOverride, args: FunctionArgs) -> int:
    """Return the function's timeout in seconds.

    Raises:
        ConfigError: the override is shorter than the function's work, or longer than its caller waits.
    """
    if override.timeout_seconds is None:
        return args.timeout
    shortest, longest = args.timeout_range
    if not shortest <= override.timeout_seconds <= longest:
        raise ConfigError(
            f"functions.{name}.timeoutSeconds is {override.timeout_seconds}: must be {shortest} to {longest}, as its "
            "work and its caller allow. Correct it by: pulumi config set --path "
            f"'functions.{name}.timeoutSeconds' <seconds>"
        )
    return override.timeout_seconds
