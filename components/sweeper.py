"""The sweeper of waits, which completes interrupted callbacks, sends reminders, and publishes number and age."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from asl.states import Statement
from components import defaults
from components.event_driven_function import event_driven_function
from components.function import MAX_TIMEOUT_SECONDS, Function, FunctionArgs, Runtime
from components.policies import allow, read_with_key, write_with_key
from components.reminders import Reminder, by_default
from components.topic import SNS_KEY, Topic, TopicArgs
from components.workflow import execution_arns
from facts import SWEEP_MINUTES

SCHEDULE = f"rate({SWEEP_MINUTES} minutes)"

MIN_TIMEOUT_SECONDS = 30
"""The handler reserves some seconds at its end: with a shorter timeout it would never begin."""


@dataclass(frozen=True, kw_only=True)
class ApprovalLinks:
    """Links in the reminders: the URL of the callback API that has the page, and the secret with the key.

    `approvers_topic_arn` is the topic of messages for single approvers; None without approvers.
    """

    endpoint: pulumi.Input[str]
    secret_arn: pulumi.Input[str]
    approvers_topic_arn: pulumi.Input[str] | None = None

    def environment(self) -> dict[str, pulumi.Input[str]]:
        """Return the environment variables of a function that makes links."""
        topic = self.approvers_topic_arn
        return {
            "APPROVAL_ENDPOINT": self.endpoint,
            "SECRET_ARN": self.secret_arn,
            **({"APPROVERS_TOPIC_ARN": topic} if topic is not None else {}),
        }

    def statements(self, kms_key_arn: pulumi.Input[str] | None) -> list[Statement]:
        """Return the permissions of a function that makes links."""
        return [
            allow(["secretsmanager:GetSecretValue"], [self.secret_arn]),
            *read_with_key(kms_key_arn, "secretsmanager"),
        ]


@dataclass(frozen=True, kw_only=True)
class SweeperArgs:
    """The table of waiting stories, the state machines that wait, and the reminders; all times are in seconds.

    Each of `reminders` is sent once per wait. Without any, there is one after `reminder_after_seconds` (0 for a sixth
    of `callback_timeout_seconds`), and a last one before the end.
    `links` adds links to the reminders.
    """

    runtime: Runtime
    timeout: int = defaults.LAMBDA_TIMEOUT
    callback_timeout_seconds: int = defaults.CALLBACK_TIMEOUT_SECONDS
    reminder_after_seconds: int = 0
    reminders: Sequence[Reminder] = ()
    reminder_email: pulumi.Input[str] | None = None
    state_machine_arns: Sequence[pulumi.Input[str]]
    stories_table_name: pulumi.Input[str]
    stories_table_arn: pulumi.Input[str]
    waiting_index: str
    waiting_index_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str] | None = None
    links: ApprovalLinks | None = None


class Sweeper(pulumi.ComponentResource):
    """A scheduled function, and a topic for its reminders.

    Example:
        Sweeper(
            "sweeper",
            SweeperArgs(
                runtime=runtime,
                state_machine_arns=[release.workflow.arn],
                stories_table_name=table.name,
                stories_table_arn=table.arn,
                waiting_index="waiting",
                waiting_index_arn=pulumi.Output.concat(table.arn, "/index/waiting"),
                reminder_email="releases@example.com",
            ),
        )
    """

    function: Function
    reminder_topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: SweeperArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Sweeper", name, None, opts)
        # Not the topic of alarms: the people on call need not be those who decide a story.
        reminders = Topic(
            f"{name}-reminders",
            TopicArgs(
                prefix=args.runtime.prefix,
                kms_key=SNS_KEY if args.kms_key_arn is None else args.kms_key_arn,
                email=args.reminder_email,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.reminder_topic_arn = reminders.arn
        approvers = args.links.approvers_topic_arn if args.links else None
        sent = args.reminders or by_default(args.reminder_after_seconds, args.callback_timeout_seconds)
        topics = [each.topic_arn for each in sent if each.topic_arn is not None]
        self.function = event_driven_function(
            name,
            FunctionArgs(
                runtime=args.runtime,
                kms_key_arn=args.kms_key_arn,
                handler="handlers.sweeper.sweep.handler",
                timeout=max(args.timeout, MIN_TIMEOUT_SECONDS),
                timeout_range=(MIN_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS),
                environment={
                    "STORIES_TABLE": args.stories_table_name,
                    "WAITING_INDEX": args.waiting_index,
                    "CALLBACK_TIMEOUT_SECONDS": str(args.callback_timeout_seconds),
                    "REMINDERS": pulumi.Output.json_dumps([each.as_json(reminders.arn) for each in sent]),
                    **(args.links.environment() if args.links else {}),
                },
                statements=[
                    allow(["dynamodb:Query"], [args.waiting_index_arn]),
                    allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [args.stories_table_arn]),
                    allow(["states:SendTaskSuccess", "states:SendTaskFailure"], args.state_machine_arns),
                    allow(["states:DescribeExecution"], [execution_arns(arn) for arn in args.state_machine_arns]),
                    allow(["sns:Publish"], [reminders.arn, *topics, *([approvers] if approvers is not None else [])]),
                    *write_with_key(args.kms_key_arn, "sns", "states"),
                    *read_with_key(args.kms_key_arn, "dynamodb"),
                    *(args.links.statements(args.kms_key_arn) if args.links else []),
                ],
            ),
            self,
            description="The clock of the sweeper",
            schedule=SCHEDULE,
        )
        self.register_outputs({"function_arn": self.function.arn})
