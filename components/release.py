"""The release workflow: its connections to the APIs, and its state machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from asl import release
from asl.release.targets import INPUT_PREFIX, Api, Targets
from asl.states import Statement
from components.aws_location import PARTITION
from components.storage import EXAMPLE_NAME
from components.tokens import BEARER
from components.workflow import Watched, Workflow, WorkflowArgs


@dataclass(frozen=True, kw_only=True)
class ApiArgs:
    """Where an API is, and the bearer token it wants."""

    url: pulumi.Input[str]
    token: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class ReleaseArgs:
    """The APIs by the names that `asl/release/workflow.py` knows; timeouts are in seconds.

    `input_prefix` is where documents lie in our bucket; `input_buckets` are the names of buckets besides our own that
    an input may name.
    """

    prefix: str
    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    stories_table_name: pulumi.Output[str]
    stories_table_arn: pulumi.Output[str]
    apis: Mapping[str, ApiArgs]
    timeout_seconds: int
    callback_timeout_seconds: int
    log_retention_days: int
    log_execution_data: bool
    token_generation: int
    input_buckets: Sequence[str]
    kms_key_arn: str
    input_prefix: str = INPUT_PREFIX


class Release(pulumi.ComponentResource):
    """The state machine of `asl/release/workflow.py`, with everything it needs in order to call."""

    workflow: Workflow
    watched: Watched
    example_command: pulumi.Output[str]

    def __init__(self, name: str, args: ReleaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Release", name, None, opts)
        targets = pulumi.Output.all(
            bucket_name=args.bucket_name,
            bucket_arn=args.bucket_arn,
            stories_table_name=args.stories_table_name,
            stories_table_arn=args.stories_table_arn,
            input_prefix=args.input_prefix,
            apis=pulumi.Output.all(
                **{api: self._connect(name, api, args, access) for api, access in args.apis.items()}
            ),
            # Buckets that the stack does not make, and so has no outputs of.
            input_bucket_arns=tuple(f"arn:{PARTITION}:s3:::{name}" for name in args.input_buckets),
        ).apply(lambda known: Targets(**known, kms_key_arn=args.kms_key_arn or None))

        def define(known: Targets) -> str:
            definition = release.definition(
                known,
                timeout_seconds=args.timeout_seconds,
                callback_timeout_seconds=args.callback_timeout_seconds,
            )
            return json.dumps(definition, indent=2)

        def statements(state_machine_arn: pulumi.Output[str]) -> pulumi.Output[list[Statement]]:
            return pulumi.Output.all(targets, state_machine_arn).apply(lambda known: release.permissions(*known))

        self.workflow = Workflow(
            name,
            WorkflowArgs(
                prefix=args.prefix,
                definition=targets.apply(define),
                statements=statements,
                log_retention_days=args.log_retention_days,
                log_execution_data=args.log_execution_data,
                kms_key_arn=args.kms_key_arn,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.watched = Watched(arn=self.workflow.arn, successes=True)
        self.example_command = self.workflow.arn.apply(
            lambda arn: (
                f"aws stepfunctions start-execution --state-machine-arn {arn}"
                f" --input '{json.dumps({'inputFile': args.input_prefix + EXAMPLE_NAME})}'"
            )
        )
        self.register_outputs({"arn": self.workflow.arn})

    def _connect(self, name: str, api: str, args: ReleaseArgs, access: ApiArgs) -> pulumi.Output[Api]:
        """Let EventBridge keep the token: it adds the header outside of the execution, whose history stays clean.

        A connection that an answer 401 or 407 de-authorized is authorized again by any update of it, which sends its
        token along. The generation in its description makes for one, also where the token is given and stays the same.
        https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateConnection.html
        """
        connection = aws.cloudwatch.EventConnection(
            f"{name}-{api}-connection",
            name=f"{args.prefix}-{name}-{api}",
            description=f"Carries the bearer token of the {api} API, generation {args.token_generation}",
            authorization_type="API_KEY",
            kms_key_identifier=args.kms_key_arn or None,
            auth_parameters={
                "api_key": {
                    "key": "Authorization",
                    "value": access.token.apply(lambda token: f"{BEARER}{token}"),
                }
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        return pulumi.Output.all(url=access.url, connection_name=connection.name, connection_arn=connection.arn).apply(
            lambda known: Api(**known)
        )
