"""The finisher, which restarts the workflow for orders that were left open."""

from dataclasses import dataclass

import pulumi

from asl import orders
from components import defaults
from components.event_driven_function import event_driven_function
from components.function import Function, FunctionArgs, Runtime
from components.orders_storage import OrdersStorage
from components.policies import allow, read_with_key, write_with_key
from components.workflow import unqualified_arn
from facts import FINISH_MINUTES

SCHEDULE = f"rate({FINISH_MINUTES} minutes)"
"""An order whose service is still down fails at each run. Runs are rare, so that other failures stay visible."""

LEFT_AFTER_SECONDS = orders.TIMEOUT_SECONDS + 5 * 60
"""After this time, every execution that worked on the order has ended."""

MIN_TIMEOUT_SECONDS = 30
"""The handler reserves some seconds at its end: with a shorter timeout it would never begin."""


@dataclass(frozen=True, kw_only=True)
class OrdersFinisherArgs:
    """The tables of orders, and the workflow that finishes an order; `timeout` is in seconds.

    Orders with a total above `approval_above`, if that is not 0, wait up to `approval_timeout_seconds` for people.
    """

    runtime: Runtime
    timeout: int = defaults.LAMBDA_TIMEOUT
    state_machine_arn: pulumi.Input[str]
    storage: OrdersStorage
    approval_above: int = 0
    approval_timeout_seconds: int = 0
    kms_key_arn: pulumi.Input[str] | None = None


class OrdersFinisher(pulumi.ComponentResource):
    """A scheduled function.

    Example:
        OrdersFinisher(
            "finisher",
            OrdersFinisherArgs(runtime=runtime, state_machine_arn=orders.workflow.alias_arn, storage=orders_storage),
        )
    """

    function: Function

    def __init__(self, name: str, args: OrdersFinisherArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:OrdersFinisher", name, None, opts)
        storage = args.storage
        self.function = event_driven_function(
            name,
            FunctionArgs(
                runtime=args.runtime,
                kms_key_arn=args.kms_key_arn,
                handler="handlers.orders.finish.handler",
                timeout=max(args.timeout, MIN_TIMEOUT_SECONDS),
                environment={
                    "ORDERS_TABLE": storage.orders.name,
                    "OPEN_INDEX": storage.open_index,
                    "STATE_MACHINE_ARN": args.state_machine_arn,
                    "LEFT_AFTER_SECONDS": str(LEFT_AFTER_SECONDS),
                    "APPROVAL_ABOVE": str(args.approval_above),
                    "APPROVAL_SECONDS": str(args.approval_timeout_seconds if args.approval_above else 0),
                },
                statements=[
                    allow(["dynamodb:Query"], [storage.open_index_arn]),
                    allow(["dynamodb:GetItem"], [storage.orders.arn]),
                    allow(["states:StartExecution"], [unqualified_arn(args.state_machine_arn)]),
                    *read_with_key(args.kms_key_arn, "dynamodb"),
                    *write_with_key(args.kms_key_arn, "states"),
                ],
            ),
            self,
            description="The clock of the orders",
            schedule=SCHEDULE,
        )
        self.register_outputs({"function_arn": self.function.arn})
