"""The release workflow: its connections to the APIs, and its state machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from asl import release
from asl.hold import Policy
from asl.release.targets import (
    API_MAX_ATTEMPTS,
    API_RETRY_INTERVAL_SECONDS,
    API_TIMEOUT_SECONDS,
    INPUT_PREFIX,
    LOG_PREFIX,
    OUTPUT_PREFIX,
    Api,
    Targets,
)
from asl.states import BACKOFF_RATE, Statement
from components import defaults
from components.aws_location import PARTITION
from components.rollout import Rollout
from components.storage import EXAMPLE_NAME
from components.tokens import BEARER
from components.workflow import RecordedStateMachine, Workflow, WorkflowArgs


@dataclass(frozen=True, kw_only=True)
class ApiArgs:
    """An API's URL, its bearer token, and the policy of its calls (see `asl.release.targets.Api`).

    `resource_configuration_arn` is the VPC Lattice resource configuration through which a private API is reached.
    """

    url: pulumi.Input[str]
    token: pulumi.Input[str]
    required: pulumi.Input[bool] = True
    timeout_seconds: pulumi.Input[int] = API_TIMEOUT_SECONDS
    max_attempts: pulumi.Input[int] = API_MAX_ATTEMPTS
    retry_interval_seconds: pulumi.Input[int] = API_RETRY_INTERVAL_SECONDS
    backoff_rate: pulumi.Input[float] = BACKOFF_RATE
    resource_configuration_arn: pulumi.Input[str] | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseArgs:
    """The APIs by their names, in the order of their results; timeouts are in seconds.

    `input_prefix`, `output_prefix` and `log_prefix` are the prefixes of documents, results and logs in our bucket.
    Items of the stories' table outlive their wait by `story_retention_days`. `input_buckets` are names of further
    buckets that an input may name. `policy` says who may decide, by default every authenticated caller.
    """

    prefix: str
    bucket_name: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    stories_table_name: pulumi.Input[str]
    stories_table_arn: pulumi.Input[str]
    apis: Mapping[str, ApiArgs]
    timeout_seconds: pulumi.Input[int] = defaults.STATE_MACHINE_TIMEOUT_SECONDS
    callback_timeout_seconds: pulumi.Input[int] = defaults.CALLBACK_TIMEOUT_SECONDS
    log_retention_days: pulumi.Input[int] = defaults.LOG_RETENTION_DAYS
    log_execution_data: pulumi.Input[bool] = False
    token_generation: pulumi.Input[int] = 1
    input_buckets: Sequence[str] = ()
    kms_key_arn: pulumi.Input[str] | None = None
    input_prefix: pulumi.Input[str] = INPUT_PREFIX
    output_prefix: pulumi.Input[str] = OUTPUT_PREFIX
    log_prefix: pulumi.Input[str] = LOG_PREFIX
    story_retention_days: pulumi.Input[int] = defaults.STORY_RETENTION_DAYS
    policy: Policy = field(default_factory=Policy)
    rollout: Rollout = field(default_factory=Rollout)


class Release(pulumi.ComponentResource):
    """The state machine of `asl/release/workflow.py`, with its connections and permissions.

    Example:
        Release(
            "release",
            ReleaseArgs(
                prefix="shop-dev",
                bucket_name=storage.bucket_name,
                bucket_arn=storage.bucket_arn,
                stories_table_name=hold.table_name,
                stories_table_arn=hold.table_arn,
                apis={name: ApiArgs(url=mocks.url(name), token=token) for name, token in tokens.apis.items()},
            ),
        )
    """

    workflow: Workflow
    recorded: RecordedStateMachine
    example_command: pulumi.Output[str]

    def __init__(self, name: str, args: ReleaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Release", name, None, opts)
        targets = pulumi.Output.all(
            bucket_name=args.bucket_name,
            bucket_arn=args.bucket_arn,
            stories_table_name=args.stories_table_name,
            stories_table_arn=args.stories_table_arn,
            input_prefix=args.input_prefix,
            output_prefix=args.output_prefix,
            log_prefix=args.log_prefix,
            story_retention_days=args.story_retention_days,
            apis=pulumi.Output.all(
                **{api: self._connect(name, api, args, access) for api, access in args.apis.items()}
            ),
            # The stack does not make these buckets, so their ARNs are built from their names.
            input_bucket_arns=tuple(f"arn:{PARTITION}:s3:::{name}" for name in args.input_buckets),
            kms_key_arn=args.kms_key_arn,
        ).apply(lambda known: Targets(**known))

        def define(known: list[Any]) -> str:
            resolved, timeout_seconds, callback_timeout_seconds = known
            definition = release.definition(
                resolved,
                timeout_seconds=timeout_seconds,
                callback_timeout_seconds=callback_timeout_seconds,
                policy=args.policy,
            )
            return json.dumps(definition, indent=2)

        def statements(state_machine_arn: pulumi.Output[str]) -> pulumi.Output[list[Statement]]:
            return pulumi.Output.all(targets, state_machine_arn).apply(lambda known: release.permissions(*known))

        self.workflow = Workflow(
            name,
            WorkflowArgs(
                prefix=args.prefix,
                definition=pulumi.Output.all(targets, args.timeout_seconds, args.callback_timeout_seconds).apply(
                    define
                ),
                statements=statements,
                log_retention_days=args.log_retention_days,
                log_execution_data=args.log_execution_data,
                kms_key_arn=args.kms_key_arn,
                rollout=args.rollout,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.recorded = RecordedStateMachine(arn=self.workflow.arn, successes=True)
        self.example_command = pulumi.Output.concat(
            "aws stepfunctions start-execution --state-machine-arn ",
            self.workflow.alias_arn,
            " --input '",
            pulumi.Output.json_dumps({"inputFile": pulumi.Output.concat(args.input_prefix, EXAMPLE_NAME)}),
            "'",
        )
        self.register_outputs({"arn": self.workflow.arn})

    def _connect(self, name: str, api: str, args: ReleaseArgs, access: ApiArgs) -> pulumi.Output[Api]:
        """Create the connection with the token. EventBridge adds the header outside the execution: no history has it.

        An answer 401 or 407 de-authorizes a connection until its next update, which sends the token again. The
        generation in its description causes such an update even if the token was given and stays the same.
        https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateConnection.html
        """
        connection = aws.cloudwatch.EventConnection(
            f"{name}-{api}-connection",
            name=f"{args.prefix}-{name}-{api}",
            description=pulumi.Output.format(
                "Carries the bearer token of the {} API, generation {}", api, args.token_generation
            ),
            authorization_type="API_KEY",
            kms_key_identifier=args.kms_key_arn,
            # https://docs.aws.amazon.com/eventbridge/latest/userguide/connection-private.html
            invocation_connectivity_parameters=None
            if access.resource_configuration_arn is None
            else {"resource_parameters": {"resource_configuration_arn": access.resource_configuration_arn}},
            auth_parameters={
                "api_key": {
                    "key": "Authorization",
                    "value": pulumi.Output.concat(BEARER, pulumi.Output.secret(access.token)),
                }
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        return pulumi.Output.all(
            url=access.url,
            connection_name=connection.name,
            connection_arn=connection.arn,
            required=access.required,
            timeout_seconds=access.timeout_seconds,
            max_attempts=access.max_attempts,
            retry_interval_seconds=access.retry_interval_seconds,
            backoff_rate=access.backoff_rate,
        ).apply(lambda known: Api(**known))
