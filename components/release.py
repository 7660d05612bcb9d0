"""The release workflow: its connections to the APIs, and its state machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from asl import release
from asl.release_targets import Api, Targets
from asl.states import Statement
from components.workflow import Watched, Workflow, WorkflowArgs


@dataclass(frozen=True, kw_only=True)
class ApiArgs:
    """Where an API is, and the bearer token it wants."""

    url: pulumi.Input[str]
    token: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class ReleaseArgs:
    """The APIs by the names that `asl/release.py` knows; timeouts are in seconds.

    `input_buckets` are the names of buckets besides our own that an input may name.
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
    input_buckets: Sequence[str]
    kms_key_arn: str


class Release(pulumi.ComponentResource):
    """The state machine of `asl/release.py`, with everything it needs in order to call."""

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
            apis=pulumi.Output.all(**{name: self._connect(name, args.prefix, api) for name, api in args.apis.items()}),
            input_bucket_arns=self._bucket_arns(args.input_buckets),
        ).apply(lambda known: Targets(**known, kms_key_arn=args.kms_key_arn or None))

        def define(known: Targets) -> str:
            definition = release.definition(
                known,
                timeout_seconds=args.timeout_seconds,
                callback_timeout_seconds=args.callback_timeout_seconds,
            )
            return json.dumps(definition, indent=2)

        def own_statements(state_machine_arn: pulumi.Output[str]) -> pulumi.Output[list[Statement]]:
            return pulumi.Output.all(targets, state_machine_arn).apply(
                lambda known: release.http_permissions(known[0], known[1])
            )

        self.workflow = Workflow(
            name,
            WorkflowArgs(
                prefix=args.prefix,
                definition=targets.apply(define),
                statements=targets.apply(release.permissions),
                own_statements=own_statements,
                log_retention_days=args.log_retention_days,
                log_execution_data=args.log_execution_data,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.watched = Watched(arn=self.workflow.arn, timeout_seconds=args.timeout_seconds, successes=True)
        self.example_command = self.workflow.arn.apply(
            lambda arn: (
                f"aws stepfunctions start-execution --state-machine-arn {arn}"
                ' --input \'{"inputFile": "inputs/workflow-input.json"}\''
            )
        )
        self.register_outputs({"arn": self.workflow.arn})

    def _connect(self, api: str, prefix: str, args: ApiArgs) -> pulumi.Output[Api]:
        """Let EventBridge keep the token: it adds the header outside of the execution, whose history stays clean."""
        connection = aws.cloudwatch.EventConnection(
            f"{api}-connection",
            name=f"{prefix}-{api}",
            description=f"Carries the bearer token of the {api} API",
            authorization_type="API_KEY",
            auth_parameters={
                "api_key": {
                    "key": "Authorization",
                    "value": args.token.apply(lambda token: f"Bearer {token}"),
                }
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        return pulumi.Output.all(
            url=args.url, connection_arn=connection.arn, connection_secret_arn=connection.secret_arn
        ).apply(lambda known: Api(**known))

    def _bucket_arns(self, names: Sequence[str]) -> pulumi.Output[tuple[str, ...]]:
        """ARNs of buckets that the stack does not make, and so has no outputs of."""
        partition = aws.get_partition_output(opts=pulumi.InvokeOptions(parent=self)).partition
        return partition.apply(lambda known: tuple(f"arn:{known}:s3:::{name}" for name in names))
