"""The orders workflow: the state machine over the five services."""

import json
from dataclasses import dataclass, field

import pulumi

from asl import orders
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
    """The services to call and the table whose `status` decides; `timeout` is the finisher's, in seconds."""

    runtime: Runtime
    timeout: int = defaults.LAMBDA_TIMEOUT
    services: Services
    storage: OrdersStorage
    log_retention_days: pulumi.Input[int] = defaults.LOG_RETENTION_DAYS
    log_execution_data: pulumi.Input[bool] = False
    kms_key_arn: pulumi.Input[str] | None = None
    rollout: Rollout = field(default_factory=Rollout)


class Orders(pulumi.ComponentResource):
    """The state machine of `asl/orders/workflow.py`, and what starts it again for orders that were left behind.

    Example:
        Orders("orders", OrdersArgs(runtime=runtime, services=services, storage=orders_storage))
    """

    workflow: Workflow
    finisher: OrdersFinisher
    recorded: RecordedStateMachine

    def __init__(self, name: str, args: OrdersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Orders", name, None, opts)
        services = args.services
        targets = pulumi.Output.all(
            user_function_arn=services.user.arn,
            order_function_arn=services.order.arn,
            payment_function_arn=services.payment.arn,
            inventory_function_arn=services.inventory.arn,
            notification_function_arn=services.notification.arn,
            orders_table_name=args.storage.orders.name,
            orders_table_arn=args.storage.orders.arn,
            kms_key_arn=args.kms_key_arn,
        ).apply(lambda known: Targets(**known))
        self.workflow = Workflow(
            name,
            WorkflowArgs(
                prefix=args.runtime.prefix,
                definition=targets.apply(lambda known: json.dumps(orders.definition(known), indent=2)),
                statements=lambda _arn: targets.apply(orders.permissions),
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
                kms_key_arn=args.kms_key_arn,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # The outcome of an order is in its record; only failures are logged besides.
        self.recorded = RecordedStateMachine(arn=self.workflow.arn, successes=False)
        self.register_outputs({"arn": self.workflow.arn})
