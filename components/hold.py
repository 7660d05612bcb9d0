"""A hold: the resources behind workflows that wait for a decision by people."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from asl.hold import Table
from components import defaults
from components.approvers import Approvers, ApproversArgs
from components.callback import Callback, CallbackArgs
from components.function import Runtime
from components.http_api import API_TIMEOUT_SECONDS
from components.reminders import Reminder
from components.sweeper import ApprovalLinks, Sweeper, SweeperArgs
from components.table import TableOptions, table
from components.tokens import Tokens, TokensArgs
from components.workflow import machine_arn
from facts import WAITING_INDEX


@dataclass(frozen=True, kw_only=True)
class HoldArgs(TableOptions):
    """The workflows that wait, and how people decide.

    Attributes:
        runtime: the settings that all functions of the stack share.
        workflows: the names of the stack's `Workflow` components that wait. Decisions reach only these.
        timeout_seconds: the longest time that one of the workflows waits.
        function_timeout: seconds for the functions behind the callback API and of the sweeper.
        secret_arn: a secret with the tokens `callback` and `callbackSigningKey`; None makes one.
        reminder_after_seconds: time of the first reminder; 0 for a sixth of `timeout_seconds`. A last reminder comes a
            twenty-fourth of it before the end.
        reminders: other reminders in place of these two, each with its own topic if needed.
        reminder_email: an address to subscribe to the reminders; None for no subscription.
        kms_key_arn, protect, recovery_days, capacity: options of the table. The secret has the same key and
            protection, and the key also encrypts the reminders.
        retention_days: days that an item outlives its wait, so that a late duplicate still gets an answer.
        done_statuses, failed_statuses: names of Jira statuses that approve and reject.
        cors_allowed_origins: web pages that may call the callback API.
        approval_links: people may decide through signed links to an approval page. A given secret needs the field
            `approvalLinkKey` (`TokensArgs.links`).
        approval_link_seconds: time for which a link is valid; 0 for as long as its hold waits.
        approvers: addresses that holds name as approvers. With links, each is subscribed to the messages with their
            own.
        throttle_rate_limit, throttle_burst_limit: calls of the callback API in a second, and at once.
    """

    runtime: Runtime
    workflows: Sequence[str]
    timeout_seconds: int = defaults.CALLBACK_TIMEOUT_SECONDS
    function_timeout: int = defaults.LAMBDA_TIMEOUT
    secret_arn: pulumi.Input[str] | None = None
    reminder_after_seconds: int = 0
    reminders: Sequence[Reminder] = ()
    reminder_email: pulumi.Input[str] | None = None
    retention_days: int = defaults.STORY_RETENTION_DAYS
    done_statuses: Sequence[str] = defaults.JIRA_DONE_STATUSES
    failed_statuses: Sequence[str] = defaults.JIRA_FAILED_STATUSES
    cors_allowed_origins: Sequence[str] = ()
    approval_links: bool = False
    approval_link_seconds: pulumi.Input[int] = 0
    approvers: Sequence[str] = ()
    throttle_rate_limit: pulumi.Input[int] = defaults.THROTTLE_RATE_LIMIT
    throttle_burst_limit: pulumi.Input[int] = defaults.THROTTLE_BURST_LIMIT


class Hold(pulumi.ComponentResource):
    """A table of waits, the API that receives decisions, and the sweeper that repairs and reminds.

    One hold serves any number of workflows of a stack. Each workflow has the states of `asl.hold` in its definition.
    The functions may send decisions only to the state machines of `workflows`.

    Example:
        hold = Hold("hold", HoldArgs(runtime=runtime, workflows=["expenses"], timeout_seconds=86400))
        Workflow(
            "expenses",
            WorkflowArgs(
                prefix=runtime.prefix,
                definition=hold.table.apply(lambda table: json.dumps(expenses.definition(table))),
                statements=lambda _arn: hold.table.apply(asl.hold.permissions),
            ),
        )
        pulumi.export("callback_api_endpoint", hold.callback.endpoint)
    """

    table: pulumi.Output[Table]
    table_name: pulumi.Output[str]
    table_arn: pulumi.Output[str]
    secret_arn: pulumi.Output[str]
    callback: Callback
    sweeper: Sweeper

    def __init__(self, name: str, args: HoldArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Hold", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        made = self._table(name, args)
        self.table_name = made.name
        self.table_arn = made.arn
        self.table = pulumi.Output.all(name=made.name, arn=made.arn, kms_key_arn=args.kms_key_arn).apply(
            lambda known: Table(
                **known,
                retention_days=args.retention_days,
                timeout_seconds=args.timeout_seconds,
                linked=tuple(args.approvers) if args.approval_links else (),
            )
        )
        self.secret_arn = (
            pulumi.Output.from_input(args.secret_arn)
            if args.secret_arn is not None
            else self._tokens(name, args).secret_arn
        )
        # From their names, because the workflows are made after the table that their definitions name.
        machines = [machine_arn(self, args.runtime.prefix, workflow) for workflow in args.workflows]
        self.callback = Callback(
            f"{name}-callback",
            CallbackArgs(
                runtime=args.runtime,
                timeout=min(args.function_timeout, API_TIMEOUT_SECONDS),
                stories_table_name=made.name,
                stories_table_arn=made.arn,
                secret_arn=self.secret_arn,
                state_machine_arns=machines,
                kms_key_arn=args.kms_key_arn,
                done_statuses=args.done_statuses,
                failed_statuses=args.failed_statuses,
                cors_allowed_origins=args.cors_allowed_origins,
                throttle_rate_limit=args.throttle_rate_limit,
                throttle_burst_limit=args.throttle_burst_limit,
                approval_links=args.approval_links,
                approval_link_seconds=args.approval_link_seconds,
            ),
            opts=child,
        )
        self.sweeper = Sweeper(
            f"{name}-sweeper",
            SweeperArgs(
                runtime=args.runtime,
                timeout=args.function_timeout,
                callback_timeout_seconds=args.timeout_seconds,
                reminder_after_seconds=args.reminder_after_seconds,
                reminders=args.reminders,
                reminder_email=args.reminder_email,
                state_machine_arns=machines,
                stories_table_name=made.name,
                stories_table_arn=made.arn,
                waiting_index=WAITING_INDEX,
                waiting_index_arn=made.arn.apply(lambda arn: f"{arn}/index/{WAITING_INDEX}"),
                kms_key_arn=args.kms_key_arn,
                links=self._links(name, args) if args.approval_links else None,
            ),
            opts=child,
        )
        self.register_outputs({"table_name": self.table_name, "endpoint": self.callback.endpoint})

    def _links(self, name: str, args: HoldArgs) -> ApprovalLinks:
        approvers = ApproversArgs(prefix=args.runtime.prefix, addresses=args.approvers, kms_key_arn=args.kms_key_arn)
        opts = pulumi.ResourceOptions(parent=self)
        return ApprovalLinks(
            endpoint=self.callback.endpoint,
            secret_arn=self.secret_arn,
            approvers_topic_arn=Approvers(f"{name}-approvers", approvers, opts=opts).topic_arn
            if args.approvers
            else None,
        )

    def _tokens(self, name: str, args: HoldArgs) -> Tokens:
        return Tokens(
            f"{name}-tokens",
            TokensArgs(
                prefix=args.runtime.prefix,
                kms_key_arn=args.kms_key_arn,
                protect=args.protect,
                given={},
                links=args.approval_links,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _table(self, name: str, args: HoldArgs) -> aws.dynamodb.Table:
        return table(
            f"{name}-stories",
            f"{args.runtime.prefix}-{name}-stories",
            ["jiraStoryId", "executionName"],
            args,
            self,
            # Only items with a task token have the attribute `waiting`, so the index lists the waits, oldest first.
            index={
                "name": WAITING_INDEX,
                "hash_key": "waiting",
                "range_key": "waitingSince",
                "projection_type": "INCLUDE",
                "non_key_attributes": ["callbackId", "executionArn", "remindedAt"],
            },
            index_keys=["waiting", "waitingSince"],
            ttl_attribute="expiresAt",
        )
