"""Writes down how executions ended, those too that could not write it themselves."""

from dataclasses import dataclass

import pulumi

from asl.states import write_with_key
from components.function import Function, FunctionArgs, Runtime
from components.policies import allow
from components.subscription import subscribed
from components.workflow import execution_arns

ENDS = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
"""https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html"""


@dataclass(frozen=True, kw_only=True)
class RecorderArgs:
    """The executions to watch, and where their records go; `timeout` is in seconds."""

    runtime: Runtime
    timeout: int
    state_machine_arn: pulumi.Output[str]
    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    stories_table_name: pulumi.Output[str]
    stories_table_arn: pulumi.Output[str]
    kms_key_arn: str


class Recorder(pulumi.ComponentResource):
    """A function on the status changes of a state machine's executions."""

    function: Function

    def __init__(self, name: str, args: RecorderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Recorder", name, None, opts)
        self.function = subscribed(
            name,
            FunctionArgs(
                runtime=args.runtime,
                handler="handlers.recorder.record.handler",
                timeout=args.timeout,
                environment={"BUCKET": args.bucket_name, "STORIES_TABLE": args.stories_table_name},
                statements=[
                    allow(["states:GetExecutionHistory"], [execution_arns(args.state_machine_arn)]),
                    allow(["s3:PutObject"], [args.bucket_arn.apply(lambda arn: f"{arn}/logs/*")]),
                    allow(["dynamodb:UpdateItem"], [args.stories_table_arn]),
                    *write_with_key(args.kms_key_arn),
                ],
            ),
            self,
            description="Executions that have ended",
            pattern=args.state_machine_arn.apply(
                lambda arn: {
                    "source": ["aws.states"],
                    "detail-type": ["Step Functions Execution Status Change"],
                    "detail": {"stateMachineArn": [arn], "status": ENDS},
                }
            ),
        )
        self.register_outputs({"function_arn": self.function.arn})
