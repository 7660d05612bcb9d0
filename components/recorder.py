"""The recorder, which records the outcome of every execution, including those whose event was lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from asl.release.targets import LOG_PREFIX
from asl.states import Statement
from components import defaults
from components.event_driven_function import event_driven_function
from components.function import Function, FunctionArgs, Runtime
from components.policies import allow, read_with_key, write_with_key
from components.workflow import RecordedStateMachine, execution_arns
from facts import CATCH_UP_MINUTES

FAILURES = ["FAILED", "TIMED_OUT", "ABORTED"]
"""https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html"""

CATCH_UP_SCHEDULE = f"rate({CATCH_UP_MINUTES} minutes)"

CATCH_UP_WINDOW_SECONDS = 3 * 3600
"""Age of the oldest failure that the catch-up records: after a failed run, the next ones still cover it."""

CATCH_UP_TIMEOUT_SECONDS = 300
"""Time enough to read some thousand failures."""


@dataclass(frozen=True, kw_only=True)
class RecorderArgs:
    """The state machines to watch, the bucket and the prefix of the records; `timeout` is in seconds."""

    runtime: Runtime
    timeout: int = defaults.LAMBDA_TIMEOUT
    state_machines: Sequence[RecordedStateMachine]
    bucket_name: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    stories_table_name: pulumi.Input[str]
    stories_table_arn: pulumi.Input[str]
    log_prefix: pulumi.Input[str] = LOG_PREFIX
    kms_key_arn: pulumi.Input[str] | None = None


class Recorder(pulumi.ComponentResource):
    """A function that receives the status changes of executions, and a scheduled one that looks for missed failures.

    Example:
        Recorder(
            "recorder",
            RecorderArgs(
                runtime=runtime,
                state_machines=[release.recorded],
                bucket_name=storage.bucket_name,
                bucket_arn=storage.bucket_arn,
                stories_table_name=hold.table_name,
                stories_table_arn=hold.table_arn,
            ),
        )
    """

    function: Function
    catch_up: Function

    def __init__(self, name: str, args: RecorderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Recorder", name, None, opts)
        self._args = args
        self.function = event_driven_function(
            name,
            self._function("handlers.recorder.record.handler", args.timeout, {}, []),
            self,
            description="Executions that have ended",
            pattern=pulumi.Output.all(*(each.arn for each in args.state_machines)).apply(self._pattern),
        )
        machines = pulumi.Output.json_dumps([each.arn for each in args.state_machines])
        self.catch_up = event_driven_function(
            f"{name}-catch-up",
            self._function(
                "handlers.recorder.catch_up.handler",
                max(args.timeout, CATCH_UP_TIMEOUT_SECONDS),
                {"STATE_MACHINES": machines, "WINDOW_SECONDS": str(CATCH_UP_WINDOW_SECONDS)},
                [allow(["states:ListExecutions"], [each.arn for each in args.state_machines])],
            ),
            self,
            description="The clock of the catch-up",
            schedule=CATCH_UP_SCHEDULE,
        )
        self.register_outputs({"function_arn": self.function.arn})

    def _function(
        self,
        handler: str,
        timeout: int,
        environment: dict[str, pulumi.Input[str]],
        statements: list[Statement],
    ) -> FunctionArgs:
        args = self._args
        logs = pulumi.Output.concat(args.bucket_arn, "/", args.log_prefix, "*")
        return FunctionArgs(
            runtime=args.runtime,
            kms_key_arn=args.kms_key_arn,
            handler=handler,
            timeout=timeout,
            environment={
                "BUCKET": args.bucket_name,
                "LOG_PREFIX": args.log_prefix,
                "STORIES_TABLE": args.stories_table_name,
                **environment,
            },
            statements=[
                *statements,
                allow(["states:GetExecutionHistory"], [execution_arns(each.arn) for each in args.state_machines]),
                allow(["s3:GetObject", "s3:PutObject"], [logs]),
                allow(["s3:DeleteObject"], [pulumi.Output.concat(logs, "/error.json")]),
                allow(["dynamodb:UpdateItem"], [args.stories_table_arn]),
                *write_with_key(args.kms_key_arn, "s3"),
                *read_with_key(args.kms_key_arn, "dynamodb", "states"),
            ],
        )

    def _pattern(self, arns: list[str]) -> dict[str, Any]:
        ends: list[dict[str, Any]] = []
        for arn, each in zip(arns, self._args.state_machines, strict=True):
            if each.successes:
                ends.append({"stateMachineArn": [arn], "status": ["SUCCEEDED", *FAILURES]})
                continue
            ends.append({"stateMachineArn": [arn], "status": FAILURES})
            # After a redrive, a successful execution still has the error file of an earlier attempt.
            redriven = {"status": ["SUCCEEDED"], "redriveCount": [{"numeric": [">", 0]}]}
            ends.append({"stateMachineArn": [arn], **redriven})
        return {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
            "detail": {"$or": ends},
        }
