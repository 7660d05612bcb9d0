"""The orders workflow: the state machine over the five services."""

import json
from dataclasses import dataclass, field

import pulumi

from asl import orders
from asl.hold import Policy, Table
from asl.orders.approval import Approval
from asl.orders.targets import Targets
from components import defaults
from components.function import Runtime
from components.orders_finisher import OrdersFinisher, OrdersFinisherArgs
from components.orders_storage import OrdersStorage
from components.rollout import Rollout
from components.services import Services
from components.workflow import RecordedStateMachine, Workflow, WorkflowArgs


@dataclass(frozen=True, kw_only=True)
class OrdersArgs:
    """The services to call, the table whose `status` decides, and the approval of large orders.

    Attributes:
        runtime: the settings that all functions of the stack share.
        timeout: of the finisher, in seconds.
        services, storage: the services and tables that the workflow uses.
        hold_table: where people decide on large orders: the table of a `Hold` that names this component among its
            workflows. Needed if `approval_above` is not 0.
        approval_above: orders of a larger total wait for approval before stock and money are taken; 0 for none.
        approval_timeout_seconds: the longest time that an order waits.
        approval_policy: who may decide, by default every authenticated caller.
        log_retention_days, log_execution_data, kms_key_arn: as in `Workflow`.

    Raises:
        ValueError: orders need approval, and there is no hold.
    """

    runtime: Runtime
    timeout: int = defaults.LAMBDA_TIMEOUT
    services: Services
    storage: OrdersStorage
    hold_table: pulumi.Input[Table] | None = None
    approval_above: int = 0
    approval_timeout_seconds: int = defaults.CALLBACK_TIMEOUT_SECONDS
    approval_policy: Policy = field(default_factory=Policy)
    log_retention_days: pulumi.Input[int] = defaults.LOG_RETENTION_DAYS
    log_execution_data: pulumi.Input[bool] = False
    kms_key_arn: pulumi.Input[str] | None = None
    rollout: Rollout = field(default_factory=Rollout)

    def __post_init__(self) -> None:
        if self.approval_above and self.hold_table is None:
            raise ValueError("OrdersArgs.approval_above needs hold_table: pass the table of the stack's Hold")


class Orders(pulumi.ComponentResource):
    """The state machine of `asl/orders/workflow.py`, and the finisher, which restarts it for orders left open.

    Example:
        Orders("orders", OrdersArgs(runtime=runtime, services=services, storage=orders_storage))
    """

    workflow: Workflow
    finisher: OrdersFinisher
    recorded: RecordedStateMachine

    def __init__(self, name: str, args: OrdersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Orders", name, None, opts)
        targets = pulumi.Output.all(
            functions={service: each.version_arn for service, each in args.services.by_name.items()},
            orders_table_name=args.storage.orders.name,
            orders_table_arn=args.storage.orders.arn,
            kms_key_arn=args.kms_key_arn,
        ).apply(lambda known: Targets(**known, calls=args.services.calls))
        known = pulumi.Output.all(targets, _approval(args))
        self.workflow = Workflow(
            name,
            WorkflowArgs(
                prefix=args.runtime.prefix,
                definition=known.apply(lambda both: json.dumps(orders.definition(*both), indent=2)),
                statements=lambda _arn: known.apply(lambda both: orders.permissions(*both)),
                log_retention_days=args.log_retention_days,
                log_execution_data=args.log_execution_data,
                kms_key_arn=args.kms_key_arn,
                rollout=args.rollout,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.finisher = OrdersFinisher(
            f"{name}-finisher",
            OrdersFinisherArgs(
                runtime=args.runtime,
                timeout=args.timeout,
                state_machine_arn=self.workflow.alias_arn,
                storage=args.storage,
                approval_above=args.approval_above,
                approval_timeout_seconds=args.approval_timeout_seconds,
                kms_key_arn=args.kms_key_arn,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # The record of an order has its outcome, so only failures are recorded as well.
        self.recorded = RecordedStateMachine(arn=self.workflow.arn, successes=False)
        self.register_outputs({"arn": self.workflow.arn})


def _approval(args: OrdersArgs) -> pulumi.Output[Approval | None]:
    if args.hold_table is None or not args.approval_above:
        return pulumi.Output.from_input(None)
    return pulumi.Output.from_input(args.hold_table).apply(
        lambda table: Approval(
            table=table,
            above=args.approval_above,
            timeout_seconds=args.approval_timeout_seconds,
            policy=args.approval_policy,
        )
    )
